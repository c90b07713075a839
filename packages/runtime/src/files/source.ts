/**
 * Opens the folder a model lies in, wherever that is: a directory, a URL, files a user picked, memory, a repository.
 *
 * Units    progress in bytes; ranges are half-open, [start, end)
 * State    a source keeps the signal and the listener it was opened with; abort ends every read of it
 * Errors   ArgumentError for a source or a path that is none; SourceError with the HTTP status where reading fails;
 *          CapabilityError for a directory where there is no file system; an aborted read rejects with `signal.reason`
 */
import { ArgumentError, CapabilityError } from "@frugal/tensor/errors";
import { memorySource } from "./memory.js";
import { type Repository, repositoryOf, repositorySource } from "./repository.js";
import { webSource } from "./web.js";

export interface FileProgress {
  readonly file: string;
  readonly loadedBytes: number;
  /** Undefined while nobody has said how long the file is. */
  readonly totalBytes: number | undefined;
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Source {
  readonly name: string;
  has(path: string): Promise<boolean>;
  read(path: string, options?: { readonly range?: ByteRange }): Promise<Uint8Array>;
}

export type FileMap = ReadonlyMap<string, Uint8Array>;

/**
 * A directory or file: URL (Node), a base URL, a list of `File`, a map from path to bytes, or `owner/name` (with
 * `@revision`) of a Hugging Face repository. In Node a directory of that name goes first.
 */
export type SourceInput = string | URL | readonly File[] | FileMap;

export interface SourceOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FileProgress) => void;
  /** Default: the host's. Wrap it to add headers, e.g. for a repository that asks for a token. */
  readonly fetch?: typeof fetch;
  /** Where files of repositories are kept in Node. Default: `frugal` in the user's cache directory. */
  readonly cacheDirectory?: string;
}

export async function openSource(
  source: SourceInput,
  options: SourceOptions = {},
): Promise<Source> {
  options.signal?.throwIfAborted();
  if (source instanceof URL) return openUrl(source, options);
  if (typeof source === "string") return openText(source, options);
  if (isFileMap(source) || isFileList(source)) return memorySource(source, options);
  throw new ArgumentError("openSource", "source", EXPECTED, source);
}

const EXPECTED = "a path, a URL, a list of files, a map of bytes or owner/name";
const WEB = /^https?:\/\//i;

async function openText(source: string, options: SourceOptions): Promise<Source> {
  if (WEB.test(source)) return openUrl(new URL(source), options);
  if (/^file:\/\//i.test(source)) return openUrl(new URL(source), options);
  const repository = repositoryOf(source);
  if (!isNode()) return openInPage(source, repository, options);
  const { directorySource, isDirectory } = await import("./directory.js");
  if (repository && !(await isDirectory(source))) return repositorySource(repository, options);
  return directorySource(source, options);
}

async function openUrl(url: URL, options: SourceOptions): Promise<Source> {
  if (WEB.test(url.href)) return webSource(url, options);
  if (url.protocol !== "file:") throw new ArgumentError("openSource", "source", EXPECTED, url.href);
  if (!isNode()) {
    throw new CapabilityError(
      "openSource",
      ["file: URLs"],
      "Serve the folder, or pass the user's files",
    );
  }
  const { directorySource } = await import("./directory.js");
  return directorySource(url, options);
}

/** In a page, a relative path is a URL relative to the page. */
function openInPage(
  source: string,
  repository: Repository | undefined,
  options: SourceOptions,
): Promise<Source> | Source {
  if (repository) return repositorySource(repository, options);
  const base = globalThis.location?.href;
  if (base === undefined || !URL.canParse(source, base)) {
    throw new ArgumentError("openSource", "source", EXPECTED, source);
  }
  return openUrl(new URL(source, base), options);
}

const isNode = (): boolean => typeof process !== "undefined" && !!process.versions?.node;

const isFileMap = (source: unknown): source is FileMap =>
  source instanceof Map && [...source.values()].every((bytes) => bytes instanceof Uint8Array);

const isFileList = (source: unknown): source is readonly File[] =>
  typeof source === "object" &&
  source !== null &&
  "length" in source &&
  Array.from(source as ArrayLike<unknown>).every((file) => file instanceof Blob && "name" in file);
