/**
 * Checks the paths and ranges that a source is asked for.
 *
 * Errors   ArgumentError for a path that could leave the folder, or a range that is none
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { ByteRange } from "./source.js";

/** Twice the longest file name that common file systems take, four levels deep. */
const MAX_PATH_LENGTH = 1024;

/** The path, if every part of it is a plain name. */
export function checkedPath(path: string): string {
  const isPlain =
    typeof path === "string" &&
    path.length <= MAX_PATH_LENGTH &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== ".." && isName(part));
  if (!isPlain) throw new ArgumentError("source", "path", "a relative path without ..", path);
  return path;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const isName = (part: string): boolean => !/[\u0000-\u001f\\:]/.test(part);

export function checkedRange(range: ByteRange): ByteRange {
  const { start, end } = range;
  const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!isRange || start < 0 || end < start) {
    throw new ArgumentError("source", "range", "0 <= start <= end, integers", range);
  }
  return range;
}

/** The part of a whole file, cut at its end. */
export function sliceOf(bytes: Uint8Array, range: ByteRange | undefined): Uint8Array {
  return range ? bytes.subarray(range.start, Math.min(range.end, bytes.length)) : bytes;
}
