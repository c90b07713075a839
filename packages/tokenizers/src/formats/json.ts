/**
 * Reads a file given as text, as bytes or already parsed.
 *
 * Cost     one parse; the text is not kept
 * Errors   FormatError: longer than FILE_LENGTH_LIMIT, not UTF-8, not JSON
 */
import { FormatError } from "@frugal/tensor/errors";
import { FILE_LENGTH_LIMIT } from "../limits.js";
import { type Fields, fields } from "./fields.js";

export function readJson(source: string | Uint8Array | object, file: string, path = ""): Fields {
  if (typeof source === "object" && !(source instanceof Uint8Array)) return fields(source, path);
  if (source.length > FILE_LENGTH_LIMIT)
    throw new FormatError("loadTokenizer", `${file} has a length of ${source.length}`, {
      limit: String(FILE_LENGTH_LIMIT),
    });
  let value: unknown;
  try {
    value = JSON.parse(
      typeof source === "string"
        ? source
        : new TextDecoder("utf-8", { fatal: true }).decode(source),
    );
  } catch (cause) {
    throw new FormatError("loadTokenizer", `${file} is not JSON in UTF-8`, { cause });
  }
  return fields(value, path);
}
