/**
 * A source over a base URL: what any static server offers.
 *
 * Differs  an HTML page in place of a file counts as absent: development servers answer so for any unknown path
 * Errors   SourceError with the HTTP status; an aborted request rejects with `signal.reason`
 */
import { SourceError } from "@frugal/tensor/errors";
import { type Download, download, send } from "./download.js";
import { checkedPath, checkedRange } from "./paths.js";
import type { Source, SourceOptions } from "./source.js";

const ABSENT: ReadonlySet<number> = /* @__PURE__ */ new Set([404, 410]);
/** Servers that know no HEAD. */
const NO_HEAD: ReadonlySet<number> = /* @__PURE__ */ new Set([405, 501]);

export function webSource(base: URL, options: SourceOptions): Source {
  const { signal, onProgress } = options;
  const requestOf = (path: string): Download => ({
    url: fileUrl(base, checkedPath(path)),
    fetch: options.fetch ?? globalThis.fetch,
    signal,
  });
  return {
    name: base.href,
    async has(path) {
      signal?.throwIfAborted();
      const request = requestOf(path);
      let answer = await send(request, { method: "HEAD" });
      if (NO_HEAD.has(answer.status)) {
        answer = await send(request, { headers: { Range: "bytes=0-0" } });
        await answer.body?.cancel();
      }
      if (ABSENT.has(answer.status)) return false;
      if (!answer.ok)
        throw new SourceError("has", request.url, answer.status, "the server refused");
      return !isPage(answer, path);
    },
    async read(path, { range } = {}) {
      if (range) checkedRange(range);
      return download({
        ...requestOf(path),
        range,
        onBytes: (loadedBytes, totalBytes) => onProgress?.({ file: path, loadedBytes, totalBytes }),
      });
    },
  };
}

/** `path` below `base`, whether or not that ends in a slash; its query stays. */
function fileUrl(base: URL, path: string): string {
  const url = new URL(base);
  const names = path.split("/").map(encodeURIComponent).join("/");
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${names}`;
  return url.href;
}

const isPage = (answer: Response, path: string): boolean =>
  !path.endsWith(".html") && (answer.headers.get("content-type") ?? "").startsWith("text/html");
