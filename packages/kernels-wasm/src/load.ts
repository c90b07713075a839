/**
 * The two binaries beside the built package, in a form that bundlers recognise as assets.
 *
 * Errors   SourceError when a binary cannot be read; ArgumentError for a relative address where there is no page
 */
import { ArgumentError, SourceError } from "@frugal/tensor/errors";

export type Build = "relaxed" | "simd";

export function binaryUrl(build: Build): URL {
  return build === "relaxed"
    ? new URL("../dist/kernels-relaxed.wasm", import.meta.url)
    : new URL("../dist/kernels-simd.wasm", import.meta.url);
}

export async function compileFrom(url: string | URL): Promise<WebAssembly.Module> {
  const where = "wasm";
  const at = absolute(url);
  if (at.protocol === "file:") {
    const { readFile } = await import(/* webpackIgnore: true */ "node:fs/promises");
    const bytes = await readFile(at).catch((cause: unknown) => {
      throw new SourceError(where, at.href, 0, "cannot read the binary", cause);
    });
    return WebAssembly.compile(bytes);
  }
  const response = await fetch(at).catch((cause: unknown) => {
    throw new SourceError(where, at.href, 0, "cannot fetch the binary", cause);
  });
  if (!response.ok) {
    throw new SourceError(where, at.href, response.status, "cannot fetch the binary");
  }
  // Streaming needs the type that some servers do not send.
  const isTyped = response.headers.get("content-type")?.startsWith("application/wasm") ?? false;
  if (isTyped) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}

function absolute(url: string | URL): URL {
  const base = (globalThis as { readonly location?: { readonly href: string } }).location?.href;
  if (typeof url !== "string" || URL.canParse(url, base)) return new URL(url, base);
  throw new ArgumentError("wasm", "url", "an absolute address", url);
}
