/**
 * Reads the list of a repository's files that the hub's API gives.
 *
 * Units    size in bytes; SHA-256 as 64 hexadecimal digits, known for files stored by content (LFS)
 * Errors   FormatError for a list that is none
 */
import { FormatError } from "@frugal/tensor/errors";
import { MAX_FILE_BYTES } from "./download.js";
import { Fields } from "./fields.js";
import { readJson } from "./json.js";

export interface RepositoryFile {
  readonly size: number;
  readonly sha256: string | undefined;
}

export interface Listing {
  readonly commit: string;
  readonly files: ReadonlyMap<string, RepositoryFile>;
}

/** Ten times the files of the largest model repositories. */
export const MAX_FILES = 20_000;

export function readListing(bytes: Uint8Array, id: string): Listing {
  const list = new Fields(readJson(bytes, id), id);
  const commit = list.text("sha");
  if (!/^[0-9a-f]{40}$/.test(commit)) list.fail("sha", "a commit", commit);
  const siblings = list.raw("siblings");
  if (!Array.isArray(siblings)) throw new FormatError(id, "siblings is no list");
  if (siblings.length > MAX_FILES) {
    const limit = `MAX_FILES = ${MAX_FILES}`;
    throw new FormatError(id, `${siblings.length} files`, { limit });
  }
  const files = new Map<string, RepositoryFile>();
  for (const sibling of siblings) {
    const entry = new Fields(sibling, `${id}.siblings`);
    const name = entry.text("rfilename");
    // Files too long for one array are listed without a size that could be read; asking for them fails by name.
    const size = entry.count("size", { least: 0, most: Number.MAX_SAFE_INTEGER });
    if (size <= MAX_FILE_BYTES) files.set(name, { size, sha256: hashOf(entry) });
  }
  return { commit, files };
}

function hashOf(entry: Fields): string | undefined {
  if (!entry.has("lfs")) return undefined;
  const lfs = entry.inner("lfs");
  const hash = lfs.text("sha256");
  if (!/^[0-9a-f]{64}$/.test(hash)) lfs.fail("sha256", "64 hexadecimal digits", hash);
  return hash;
}
