/**
 * A source over a Hugging Face model repository, kept part by part so that a broken download goes on where it stood.
 *
 * Needs    `crypto.subtle` for files whose SHA-256 is known (a page needs https or localhost)
 * Cost     one request for the list of files, then one for each part (PART_BYTES) that is not kept already
 * State    parts are kept under the file's SHA-256 where it is known, otherwise under commit and path; `keeps` says where
 * Differs  the revision is resolved to a commit once, so all files are of one commit; a revision that is a commit needs no
 *          network when its list and files are kept; a range still reads (and checks) the whole file
 * Errors   SourceError for a repository or file that is not there, FormatError for a list that is none or a file with another
 *          SHA-256 than the repository says; abort rejects with `signal.reason`
 */
import { FormatError, SourceError } from "@frugal/tensor/errors";
import { sha256 } from "./checksum.js";
import { allocate, download } from "./download.js";
import { checkedPath, checkedRange, sliceOf } from "./paths.js";
import { type RepositoryFile, readListing } from "./repository-listing.js";
import type { Source, SourceOptions } from "./source.js";
import { openStore, PART_BYTES, type PartStore } from "./store.js";

const HOST = "https://huggingface.co";

export interface Repository {
  readonly id: string;
  readonly revision: string;
}

export interface RepositorySource extends Source {
  readonly commit: string;
  /** Where files stay between sessions. */
  readonly keeps: PartStore["kind"];
}

const ID = /^([A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95})(?:@([\w][\w./-]{0,127}))?$/;
const COMMIT = /^[0-9a-f]{40}$/;

/** The repository that a text names, if it has the form `owner/name` or `owner/name@revision`. */
export function repositoryOf(text: string): Repository | undefined {
  const match = ID.exec(text);
  return match ? { id: match[1] as string, revision: match[2] ?? "main" } : undefined;
}

/** @param store for tests; default: the host's */
export async function repositorySource(
  { id, revision }: Repository,
  options: SourceOptions,
  store?: PartStore,
): Promise<RepositorySource> {
  const { signal, onProgress } = options;
  const kept = store ?? (await openStore(options.cacheDirectory));
  const fetcher = options.fetch ?? globalThis.fetch;
  const listKey = `${id}/${revision}/files.json`;
  const isPinned = COMMIT.test(revision);
  let listBytes = isPinned ? await kept.get(listKey) : undefined;
  if (!listBytes) {
    const url = `${HOST}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
    listBytes = await download({ url, fetch: fetcher, signal });
    if (isPinned) await kept.put(listKey, listBytes);
  }
  const { commit, files } = readListing(listBytes, id);

  async function whole(path: string): Promise<Uint8Array> {
    const url = `${HOST}/${id}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
    const file = files.get(path);
    if (!file) throw new SourceError("read", url, 404, "no such file in the repository");
    const bytes = await assembled(path, url, file);
    if (file.sha256 === undefined) return bytes;
    const found = await sha256(bytes);
    if (found === file.sha256) return bytes;
    for (const key of keysOf(path, file)) await kept.drop(key);
    throw new FormatError(url, `SHA-256 is ${found}, must be ${file.sha256}`);
  }

  async function assembled(path: string, url: string, file: RepositoryFile): Promise<Uint8Array> {
    const { size } = file;
    const bytes = allocate(size, url);
    const show = (loadedBytes: number): void =>
      onProgress?.({ file: path, loadedBytes, totalBytes: size });
    let at = 0;
    for (const key of keysOf(path, file)) {
      signal?.throwIfAborted();
      const length = Math.min(PART_BYTES, size - at);
      const found = await kept.get(key);
      if (found?.length === length) {
        bytes.set(found, at);
      } else {
        const start = at;
        const range = { start, end: start + length };
        const onBytes = (loaded: number): void => show(start + loaded);
        const part = await download({ url, fetch: fetcher, signal, range, onBytes });
        if (part.length !== length) {
          throw new SourceError(
            "read",
            url,
            0,
            `the file ends at byte ${start + part.length} of ${size}`,
          );
        }
        await kept.put(key, part);
        bytes.set(part, at);
      }
      at += length;
      show(at);
    }
    signal?.throwIfAborted();
    return bytes;
  }

  function keysOf(path: string, { size, sha256: hash }: RepositoryFile): readonly string[] {
    const stem = hash === undefined ? `${id}/${commit}/${path}` : `sha256/${hash}`;
    return Array.from({ length: Math.ceil(size / PART_BYTES) }, (_, part) => `${stem}.part${part}`);
  }

  return {
    name: `${id}@${commit.slice(0, 12)}`,
    commit,
    keeps: kept.kind,
    async has(path) {
      signal?.throwIfAborted();
      return files.has(checkedPath(path));
    },
    async read(path, { range } = {}) {
      signal?.throwIfAborted();
      if (range) checkedRange(range);
      return sliceOf(await whole(checkedPath(path)), range);
    },
  };
}
