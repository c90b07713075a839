/**
 * Reads a file of this package: from disk where its URL says so, over the network elsewhere.
 *
 * Errors   SourceError for a file that cannot be read
 */
import { SourceError } from "@frugal/tensor/errors";

export async function readText(url: URL): Promise<string> {
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    try {
      return await readFile(url, "utf8");
    } catch (cause) {
      throw new SourceError("readText", url.href, 0, "the file cannot be read", cause);
    }
  }
  const response = await fetch(url);
  if (response.ok) return response.text();
  throw new SourceError("readText", url.href, response.status, "the server did not give the file");
}
