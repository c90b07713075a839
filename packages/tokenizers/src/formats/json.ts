/**
 * Reads a file given as text, as bytes or already parsed.
 *
 * Cost     one pass; big members are passed over and stay in the bytes until they are read
 * Errors   FormatError: longer than FILE_LENGTH_LIMIT, not UTF-8, not JSON, a limit
 */
import { FormatError } from "@frugal/tensor/errors";
import { FILE_LENGTH_LIMIT } from "../limits.js";
import { type Fields, fields } from "./fields.js";
import { JsonCursor } from "./json-cursor.js";

/** `big`: the members, by their paths, that are given as a JsonSpan where they are lists or objects. */
export function readJson(
  source: string | Uint8Array | object,
  file: string,
  big: readonly string[] = [],
  path = "",
): Fields {
  if (typeof source === "object" && !(source instanceof Uint8Array)) return fields(source, path);
  if (source.length > FILE_LENGTH_LIMIT)
    throw new FormatError("loadTokenizer", `${file} has a length of ${source.length}`, {
      limit: String(FILE_LENGTH_LIMIT),
    });
  const cursor = new JsonCursor(typeof source === "string" ? encoded(source) : source, file);
  const { bytes } = cursor;
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) cursor.at = 3;
  const value = cursor.value((at) => big.includes(at));
  if (cursor.peek() !== -1) throw cursor.broken("something follows the value");
  return fields(value, path);
}

/** A lone surrogate becomes its escape, but for one behind a backslash, which is no JSON either way. */
function encoded(text: string): Uint8Array {
  const escaped = /\p{Surrogate}/u.test(text)
    ? text.replace(/\\.|\p{Surrogate}/gsu, (found) =>
        found.startsWith("\\") ? found : `\\u${found.charCodeAt(0).toString(16)}`,
      )
    : text;
  return new TextEncoder().encode(escaped);
}
