/**
 * Fetches a file, and goes on where a broken connection left off.
 *
 * Units    bytes; ranges are half-open
 * Cost     one buffer of the file's length, grown by doubling while the length is unknown
 * Differs  a resumed request carries `If-Range`, so a file that changed in between starts anew
 * Errors   SourceError with the status for an answer that is no file, a file above MAX_FILE_BYTES, or MAX_RETRIES broken
 *          connections without a byte between them; DeviceError when memory runs out; abort rejects with `signal.reason`
 */
import { DeviceError, FrugalError, SourceError } from "@frugal/tensor/errors";
import type { ByteRange } from "./source.js";

/** What one Uint8Array holds in Node 20. */
export const MAX_FILE_BYTES = 2 ** 32;
/** In a row without progress; a connection that moves at all may break any number of times. */
export const MAX_RETRIES = 4;
const FIRST_BYTES = 64 * 2 ** 10;

export interface Download {
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal | undefined;
  readonly range?: ByteRange | undefined;
  /** Bytes so far, and of the whole (or of the range). */
  readonly onBytes?: ((loaded: number, total: number | undefined) => void) | undefined;
}

export async function download(request: Download): Promise<Uint8Array> {
  const { signal } = request;
  const into = new Growing(request.url);
  let validator: string | null = null;
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    const before = into.length;
    try {
      const answer = await ask(request, into.length, validator);
      if (answer.status !== 206 && before > 0) into.length = 0; // the whole file again
      validator = validatorOf(answer);
      await drain(answer, into, request);
      return into.bytes();
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      if (FrugalError.is(cause) && !(cause instanceof BrokenError)) throw cause;
      failures = into.length > before ? 0 : failures + 1;
      if (failures > MAX_RETRIES) {
        const problem = `the connection broke ${failures} times at byte ${into.length}`;
        throw new SourceError("read", request.url, 0, problem, cause);
      }
    }
  }
}

/** The request, or a broken connection. */
export async function send(
  { url, fetch, signal }: Download,
  init: RequestInit = {},
): Promise<Response> {
  try {
    return await fetch(url, signal ? { ...init, signal } : init);
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new BrokenError("read", url, 0, "no answer", cause);
  }
}

class BrokenError extends SourceError {}

async function ask(request: Download, have: number, validator: string | null): Promise<Response> {
  const { url, range } = request;
  const start = (range?.start ?? 0) + have;
  const headers: Record<string, string> = {};
  if (range || have > 0) {
    headers.Range = `bytes=${start}-${range ? Math.max(range.end - 1, start) : ""}`;
    if (have > 0 && validator !== null) headers["If-Range"] = validator;
  }
  const answer = await send(request, { headers });
  if (answer.status === 206) {
    // Cross-origin answers may hide this header; then the status alone has to do.
    const stated = answer.headers.get("content-range");
    if (stated !== null && Number(/^bytes (\d+)-/.exec(stated)?.[1]) !== start) {
      throw new SourceError(
        "read",
        url,
        206,
        `asked for byte ${start}, got ${stated.slice(0, 80)}`,
      );
    }
    return answer;
  }
  if (!answer.ok) throw new SourceError("read", url, answer.status, "the server refused");
  return answer;
}

async function drain(answer: Response, into: Growing, request: Download): Promise<void> {
  const { url, range, onBytes } = request;
  const isPart = answer.status === 206;
  const length = lengthOf(answer);
  const total = length === undefined ? undefined : into.length + length;
  // A server that ignores ranges sends the file from its start: bytes before and behind are let go.
  let skip = isPart || !range ? 0 : range.start;
  const most = range ? range.end - range.start : Number.POSITIVE_INFINITY;
  if (!range && total !== undefined) into.reserve(total);
  const reader = answer.body?.getReader();
  while (reader) {
    const { done, value } = await broken(url, reader.read());
    if (done) break;
    const cut = Math.min(skip, value.length);
    skip -= cut;
    into.add(value.subarray(cut, cut + Math.min(value.length - cut, most - into.length)));
    onBytes?.(into.length, range ? Math.min(most, total ?? most) : total);
    if (into.length >= most) {
      await reader.cancel();
      break;
    }
  }
  if (!range && total !== undefined && into.length !== total) {
    throw new BrokenError("read", url, 0, `${into.length} of ${total} bytes came`);
  }
  if (isPart && range && total !== undefined && into.length < Math.min(most, total)) {
    throw new BrokenError("read", url, 0, `${into.length} of ${most} bytes came`);
  }
}

async function broken<T>(url: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (cause) {
    throw new BrokenError("read", url, 0, "the connection broke", cause);
  }
}

/** Undefined where the body is coded: the header then counts other bytes. */
function lengthOf(answer: Response): number | undefined {
  if (answer.headers.get("content-encoding")) return undefined;
  const length = Number(answer.headers.get("content-length") ?? Number.NaN);
  return Number.isSafeInteger(length) && length >= 0 ? length : undefined;
}

/** Only strong etags may be used with If-Range. */
function validatorOf(answer: Response): string | null {
  const etag = answer.headers.get("etag");
  return etag?.startsWith('"') ? etag : null;
}

/** Zeroed bytes, or a DeviceError where memory does not suffice. */
export function allocate(byteLength: number, url: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(byteLength);
  } catch (cause) {
    throw new DeviceError("read", `no memory for ${byteLength} bytes of ${url}`, cause);
  }
}

class Growing {
  length = 0;
  #buffer = new Uint8Array(FIRST_BYTES);
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  reserve(total: number): void {
    if (total > MAX_FILE_BYTES) {
      const problem = `a file of ${total} bytes (limit MAX_FILE_BYTES = ${MAX_FILE_BYTES})`;
      throw new SourceError("read", this.#url, 0, problem);
    }
    if (total <= this.#buffer.length) return;
    const larger = allocate(total, this.#url);
    larger.set(this.#buffer.subarray(0, this.length));
    this.#buffer = larger;
  }

  add(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (needed > this.#buffer.length) {
      this.reserve(Math.max(needed, Math.min(this.#buffer.length * 2, MAX_FILE_BYTES)));
    }
    this.#buffer.set(chunk, this.length);
    this.length = needed;
  }

  bytes(): Uint8Array {
    const { length } = this;
    return length === this.#buffer.length ? this.#buffer : this.#buffer.slice(0, length);
  }
}
