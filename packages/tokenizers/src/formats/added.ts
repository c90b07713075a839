/**
 * Reads the added tokens.
 *
 * Differs  follows Hugging Face tokenizers: a token that the model has keeps the model's id, another takes the next free
 *          one; the id in the file is checked, not used
 * Errors   FormatError, CapabilityError with the field's path
 */
import type { AddedToken } from "../added-tokens.js";
import { ADDED_TOKEN_LENGTH_LIMIT, ADDED_TOKEN_LIMIT, ID_LIMIT } from "../limits.js";
import type { TokenArena } from "../models/token-arena.js";
import * as read from "./fields.js";
import { JsonSpan } from "./json-cursor.js";

export function readAddedTokens(file: read.Fields, vocabulary: TokenArena): readonly AddedToken[] {
  const value = read.raw(file, "added_tokens") ?? null;
  if (value === null) return [];
  const tokens = new Map<string, AddedToken>();
  let highest = -1;
  const add = (entry: unknown, i: number): void => {
    const from = read.fields(entry, `added_tokens[${i}]`);
    const token = readToken(from);
    if (token.content === "") return;
    const known = vocabulary.get(token.content) ?? tokens.get(token.content)?.id;
    const id = known ?? Math.max(highest + 1, vocabulary.size);
    if (known === undefined && vocabulary.entryOf(id) >= 0)
      throw read.invalid(from.path, `would take the id ${id} of a token of the vocabulary`);
    highest = Math.max(highest, id);
    tokens.set(token.content, { ...token, id });
  };
  if (value instanceof JsonSpan && value.isList) {
    read.counted(value.count, "added_tokens", ADDED_TOKEN_LIMIT);
    const cursor = value.cursor("added_tokens");
    cursor.list((i) => add(cursor.value(), i));
  } else read.list(file, "added_tokens", ADDED_TOKEN_LIMIT).forEach(add);
  return [...tokens.values()];
}

function readToken(from: read.Fields): AddedToken {
  read.only(from, "id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
  const special = read.boolean(from, "special", false);
  return {
    id: read.whole(from, "id", ID_LIMIT),
    content: read.bounded(
      read.string(from, "content"),
      read.at(from, "content"),
      ADDED_TOKEN_LENGTH_LIMIT,
    ),
    singleWord: read.boolean(from, "single_word", false),
    stripLeft: read.boolean(from, "lstrip", false),
    stripRight: read.boolean(from, "rstrip", false),
    normalized: read.boolean(from, "normalized", !special),
    special,
  };
}
