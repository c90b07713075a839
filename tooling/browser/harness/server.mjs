/**
 * Serves folders on 127.0.0.1, as any static host does.
 *
 * State    one server on a free port; `close` ends it and its connections
 * Differs  every answer carries the two headers of a cross-origin isolated page
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".png": "image/png",
  ".txt": "text/plain; charset=utf-8",
};

/** `mounts`: pairs of URL prefix and folder, the longest prefix first. */
export async function serve(mounts) {
  const server = createServer((request, response) => {
    answer(mounts, request, response).catch(() => response.destroy());
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(mounts, { method, url }, response) {
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
  response.setHeader("Cache-Control", "no-store");
  if (method !== "GET" && method !== "HEAD") return end(response, 405);
  const file = fileOf(mounts, url);
  const facts = file && (await stat(file).catch(() => undefined));
  if (!facts?.isFile()) return end(response, 404);
  response.writeHead(200, {
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
    "Content-Length": facts.size,
  });
  if (method === "HEAD") return response.end();
  createReadStream(file)
    .on("error", () => response.destroy())
    .pipe(response);
}

/** Undefined for what lies outside every folder. */
function fileOf(mounts, url) {
  let path;
  try {
    path = decodeURIComponent(new URL(url, "http://localhost").pathname);
  } catch {
    return undefined;
  }
  const mount = mounts.find(([prefix]) => path.startsWith(prefix));
  if (!mount || path.includes("\0")) return undefined;
  const [prefix, folder] = mount;
  const rest = path.slice(prefix.length);
  const file = join(folder, normalize(rest === "" ? "index.html" : rest));
  return file.startsWith(join(folder, sep)) ? file : undefined;
}

function end(response, status) {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${status}\n`);
}
