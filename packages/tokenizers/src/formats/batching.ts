/**
 * Reads the fields `truncation` and `padding` of a tokenizer.json.
 *
 * Errors   FormatError with the field's path
 */
import { ID_LIMIT, TEXT_LENGTH_LIMIT } from "../limits.js";
import type { Padding, Truncation } from "../types.js";
import * as read from "./fields.js";

const STRATEGIES = {
  LongestFirst: "longest-first",
  OnlyFirst: "only-first",
  OnlySecond: "only-second",
} as const;
const SIDES = { Left: "left", Right: "right" } as const;

export function readTruncation(file: read.Fields): Truncation | null {
  const from = read.optionalFields(file, "truncation");
  if (from === undefined) return null;
  read.only(from, "direction", "max_length", "strategy", "stride");
  return {
    maxLength: read.whole(from, "max_length", Number.MAX_SAFE_INTEGER),
    stride: read.whole(from, "stride", Number.MAX_SAFE_INTEGER, 0),
    strategy: STRATEGIES[named(from, "strategy", STRATEGIES, "LongestFirst")],
    side: SIDES[named(from, "direction", SIDES, "Right")],
  };
}

export function readPadding(file: read.Fields): Padding | null {
  const from = read.optionalFields(file, "padding");
  if (from === undefined) return null;
  read.only(
    from,
    ..."strategy direction pad_to_multiple_of pad_id pad_type_id pad_token".split(" "),
  );
  read.string(from, "pad_token", "");
  const fixed = read.raw(from, "strategy") !== "BatchLongest";
  const strategy = fixed ? read.fields(read.raw(from, "strategy"), "padding.strategy") : undefined;
  const multiple = read.raw(from, "pad_to_multiple_of") ?? null;
  return {
    to: strategy === undefined ? "longest" : read.whole(strategy, "Fixed", TEXT_LENGTH_LIMIT),
    multipleOf: multiple === null ? 0 : read.whole(from, "pad_to_multiple_of", TEXT_LENGTH_LIMIT),
    side: SIDES[named(from, "direction", SIDES, "Right")],
    id: read.whole(from, "pad_id", ID_LIMIT, 0),
    typeId: read.whole(from, "pad_type_id", 2 ** 32, 0),
  };
}

/** A key of `table`. */
function named<T extends object>(
  from: read.Fields,
  key: string,
  table: T,
  fallback: keyof T & string,
): keyof T & string {
  if (read.raw(from, key) === undefined) return fallback;
  return read.oneOf(from, key, Object.keys(table) as (keyof T & string)[]);
}
