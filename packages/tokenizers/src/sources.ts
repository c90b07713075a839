/**
 * Fetches a file that is named by a URL or a path; what is given as text, bytes or object is passed through.
 *
 * Cost     one read of the file
 * Errors   SourceError: the file is not there or is not given; FormatError: longer than FILE_LENGTH_LIMIT
 */
import { FormatError, SourceError } from "@frugal/tensor/errors";
import { isGguf } from "./formats/gguf-metadata.js";
import { FILE_LENGTH_LIMIT } from "./limits.js";

const LOCATION_LENGTH = 4096;
/** Bytes of a GGUF file that are read: its tokenizer stands before the tensors, in at most a third of this. */
const FRONT_LENGTH = 1 << 26;

/** A text is a location if no file of a known format could read so. */
const isLocation = (text: string): boolean =>
  text !== "" && text.length <= LOCATION_LENGTH && !/[\n{[\]]/.test(text);

export async function contentOf(
  source: string | URL | Uint8Array | object,
  signal: AbortSignal | undefined,
): Promise<string | Uint8Array | object> {
  if (source instanceof URL) return fetched(source, signal);
  if (typeof source !== "string" || !isLocation(source)) return source;
  return /^[a-z][a-z0-9+.-]+:/i.test(source) ? fetched(new URL(source), signal) : readFile(source);
}

async function fetched(url: URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (url.protocol === "file:") return readFile(url);
  let response: Response;
  try {
    const headers = url.pathname.endsWith(".gguf") ? { range: `bytes=0-${FRONT_LENGTH - 1}` } : {};
    response = await fetch(url, signal === undefined ? { headers } : { headers, signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SourceError("loadTokenizer", url.href, 0, "cannot be fetched", cause);
  }
  if (!response.ok)
    throw new SourceError("loadTokenizer", url.href, response.status, "is not given");
  const length = Number(response.headers.get("content-length") ?? 0);
  if (length > FILE_LENGTH_LIMIT)
    throw new FormatError("loadTokenizer", `${url.href} has ${length} bytes`, {
      limit: String(FILE_LENGTH_LIMIT),
    });
  return new Uint8Array(await response.arrayBuffer());
}

async function readFile(path: string | URL): Promise<Uint8Array> {
  try {
    const files = await import("node:fs/promises");
    const file = await files.open(path);
    try {
      const { size } = await file.stat();
      const front = new Uint8Array(Math.min(size, FRONT_LENGTH));
      let length = 0;
      for (let read = -1; read !== 0 && length < front.length; length += read)
        ({ bytesRead: read } = await file.read(front, length, front.length - length, length));
      if (size <= FRONT_LENGTH || isGguf(front)) return front.subarray(0, length);
      return await files.readFile(path);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new SourceError("loadTokenizer", String(path), 0, "cannot be read", cause);
  }
}
