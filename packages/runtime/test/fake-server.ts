/** A web server in a function: files by path, ranges, etags, and whatever goes wrong on request. */
export interface FakeServer {
  readonly fetch: typeof fetch;
  /** "METHOD url range" of each request, in order. */
  readonly asked: string[];
}

export interface FakeOptions {
  /** Bytes after which the body of the n-th GET breaks; null: it ends in peace. */
  readonly breaks?: readonly (number | null)[];
  readonly ignoresRanges?: boolean;
  readonly hidesContentRange?: boolean;
  readonly headStatus?: number;
  readonly page?: string;
  readonly status?: number;
  readonly sendsLength?: boolean;
}

export function fakeServer(
  files: Readonly<Record<string, Uint8Array | string>>,
  options: FakeOptions = {},
): FakeServer {
  const asked: string[] = [];
  let served = 0;
  const answer = (url: string, init: RequestInit): Response => {
    const method = init.method ?? "GET";
    const headers = new Headers(init.headers);
    const range = headers.get("range");
    asked.push([method, url, ...(range ? [range] : [])].join(" "));
    if (options.status !== undefined) return new Response("no", { status: options.status });
    if (method === "HEAD" && options.headStatus)
      return new Response(null, { status: options.headStatus });
    const file = files[url];
    if (file === undefined) {
      return options.page === undefined
        ? new Response("not found", { status: 404 })
        : new Response(options.page, { headers: { "content-type": "text/html" } });
    }
    const whole = typeof file === "string" ? new TextEncoder().encode(file) : file;
    const parts = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
    const isPart = parts !== null && !options.ignoresRanges;
    const start = isPart ? Number(parts[1]) : 0;
    const end = isPart && parts[2] ? Math.min(Number(parts[2]) + 1, whole.length) : whole.length;
    const sent: Record<string, string> = { etag: '"v1"' };
    if (options.sendsLength !== false) sent["content-length"] = String(end - start);
    if (isPart && !options.hidesContentRange) {
      sent["content-range"] = `bytes ${start}-${end - 1}/${whole.length}`;
    }
    const status = isPart ? 206 : 200;
    if (method === "HEAD") return new Response(null, { status, headers: sent });
    const breakAt = options.breaks?.[served++] ?? null;
    return new Response(body(whole.slice(start, end), breakAt), { status, headers: sent });
  };
  const fetcher = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    init.signal?.throwIfAborted();
    return answer(String(url), init);
  };
  return { fetch: fetcher as typeof fetch, asked };
}

/** Two chunks, then the end; or as many bytes as come before the break. */
function body(bytes: Uint8Array, breakAt: number | null): ReadableStream<Uint8Array> {
  const half = breakAt ?? Math.ceil(bytes.length / 2);
  const chunks = [bytes.slice(0, half), ...(breakAt === null ? [bytes.slice(half)] : [])];
  return new ReadableStream({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk?.length) controller.enqueue(chunk);
      else if (chunk) this.pull?.(controller);
      else if (breakAt === null) controller.close();
      else controller.error(new TypeError("connection reset"));
    },
  });
}

export const counting = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);
