/**
 * A source over a directory, in Node.
 *
 * Cost     one read of a file, 16 MiB at a time, into a buffer of its size
 * Errors   SourceError for a directory or a file that cannot be read; an aborted read rejects with `signal.reason`
 */
import { FrugalError, SourceError } from "@frugal/tensor/errors";
import { allocate } from "./download.js";
import { checkedPath, checkedRange } from "./paths.js";
import type { Source, SourceOptions } from "./source.js";

/** A read this long is quick enough to notice an abort, and long enough to cost nothing. */
const READ_BYTES = 16 * 2 ** 20;

export async function isDirectory(path: string | URL): Promise<boolean> {
  const { stat } = await import("node:fs/promises");
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

export async function directorySource(
  directory: string | URL,
  { signal, onProgress }: SourceOptions,
): Promise<Source> {
  const [{ open, stat }, { fileURLToPath }, { join }] = await Promise.all([
    import("node:fs/promises"),
    import("node:url"),
    import("node:path"),
  ]);
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  if (!(await isDirectory(folder))) {
    throw new SourceError("openSource", folder, 0, "no such directory");
  }
  return {
    name: folder,
    async has(path) {
      signal?.throwIfAborted();
      const found = await stat(join(folder, checkedPath(path))).catch(() => undefined);
      return found?.isFile() ?? false;
    },
    async read(path, { range } = {}) {
      signal?.throwIfAborted();
      const full = join(folder, checkedPath(path));
      if (range) checkedRange(range);
      const handle = await open(full).catch((cause: unknown) => {
        throw new SourceError("read", full, 0, "the file cannot be opened", cause);
      });
      try {
        const { size } = await handle.stat();
        const start = Math.min(range?.start ?? 0, size);
        const bytes = allocate(Math.max(0, Math.min(range?.end ?? size, size) - start), full);
        for (let at = 0; at < bytes.length; ) {
          signal?.throwIfAborted();
          const length = Math.min(READ_BYTES, bytes.length - at);
          const { bytesRead } = await handle.read(bytes, at, length, start + at);
          if (bytesRead === 0) throw new SourceError("read", full, 0, "the file became shorter");
          at += bytesRead;
          onProgress?.({ file: path, loadedBytes: at, totalBytes: bytes.length });
        }
        signal?.throwIfAborted();
        return bytes;
      } catch (cause) {
        if (signal?.aborted || FrugalError.is(cause)) throw cause;
        throw new SourceError("read", full, 0, "the file cannot be read", cause);
      } finally {
        await handle.close();
      }
    },
  };
}
