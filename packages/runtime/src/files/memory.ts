/**
 * A source over files that are at hand: bytes by path, or the `File`s a user picked or dropped.
 *
 * Differs  the folder that all picked files share (`webkitRelativePath`) is taken off their paths
 * Errors   SourceError for a path that is not there; an aborted read rejects with `signal.reason`
 */
import { SourceError } from "@frugal/tensor/errors";
import { checkedPath, checkedRange, sliceOf } from "./paths.js";
import type { FileMap, Source, SourceOptions } from "./source.js";

export function memorySource(
  files: FileMap | readonly File[],
  { signal, onProgress }: SourceOptions,
): Source {
  const all: ReadonlyMap<string, Uint8Array | File> = files instanceof Map ? files : byPath(files);
  const name = files instanceof Map ? "memory" : "files";
  return {
    name,
    async has(path) {
      signal?.throwIfAborted();
      return all.has(checkedPath(path));
    },
    async read(path, { range } = {}) {
      signal?.throwIfAborted();
      const file = all.get(checkedPath(path));
      if (!file) throw new SourceError("read", `${name}/${path}`, 0, "no such file");
      if (range) checkedRange(range);
      const bytes =
        file instanceof Uint8Array
          ? sliceOf(file, range)
          : new Uint8Array(await (range ? file.slice(range.start, range.end) : file).arrayBuffer());
      signal?.throwIfAborted();
      onProgress?.({ file: path, loadedBytes: bytes.length, totalBytes: bytes.length });
      return bytes;
    },
  };
}

function byPath(files: Iterable<File> | FileMap): ReadonlyMap<string, File> {
  const list = Array.from(files as Iterable<File>);
  const paths = list.map((file) => file.webkitRelativePath || file.name);
  const folder = paths[0]?.slice(0, paths[0].indexOf("/") + 1) ?? "";
  const isShared = folder !== "" && paths.every((path) => path.startsWith(folder));
  return new Map(
    list.map((file, i) => [(paths[i] as string).slice(isShared ? folder.length : 0), file]),
  );
}
