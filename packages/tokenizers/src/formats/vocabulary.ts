/**
 * Reads what the models' JSON have in common: a vocabulary, an unknown token, byte tokens.
 *
 * Cost     O(vocabulary); no string is made of a token
 * Differs  of a token that occurs again the later id counts, but each must be one
 * Errors   FormatError with the field's path
 */
import { ID_LIMIT } from "../limits.js";
import { ArenaBuilder, TokenArena } from "../models/token-arena.js";
import * as read from "./fields.js";
import { JsonSpan } from "./json-cursor.js";

/** Tokens to ids, of JSON or of a table that another format has made; `__proto__` and `constructor` are tokens like any other. */
export function readVocabulary(model: read.Fields): TokenArena {
  const value = read.raw(model, "vocab");
  if (value instanceof TokenArena) return value;
  const arena = value instanceof JsonSpan ? scanned(value) : parsed(value);
  if (!arena.hasDistinctIds()) throw read.invalid("model.vocab", "gives an id to two tokens");
  return arena;
}

function scanned(span: JsonSpan): TokenArena {
  if (span.isList) throw read.wrong("model.vocab", "an object", []);
  read.counted(span.count, "model.vocab", ID_LIMIT - 1);
  const builder = new ArenaBuilder(span.count, span.textLength);
  const cursor = span.cursor("model.vocab");
  cursor.object(() => {
    builder.append(cursor.from, cursor.start, cursor.end);
    const id = cursor.value();
    // The path of a token is written only where its id is none.
    builder.finish(isId(id) ? id : checkedId(builder.lastText(), id));
  });
  return builder.build();
}

function parsed(value: unknown): TokenArena {
  const entries = Object.entries(read.fields(value, "model.vocab").value);
  read.counted(entries.length, "model.vocab", ID_LIMIT - 1);
  const builder = new ArenaBuilder(entries.length);
  for (const [token, id] of entries) {
    builder.appendText(token);
    builder.finish(isId(id) ? id : checkedId(token, id));
  }
  return builder.build();
}

const isId = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < ID_LIMIT;

const checkedId = (token: string, id: unknown): number =>
  read.wholeNumber(id, `model.vocab[${JSON.stringify(token)}]`, ID_LIMIT);

/** The tokens of a Unigram model, whose places are their ids; of a token that occurs again the later one counts. */
export function readPieces(model: read.Fields): { vocabulary: TokenArena; scores: Float64Array } {
  const value = read.raw(model, "vocab");
  const span = value instanceof JsonSpan && value.isList ? value : null;
  const list = span === null ? read.list(model, "vocab", ID_LIMIT - 1) : [];
  const count = span?.count ?? list.length;
  read.counted(count, "model.vocab", ID_LIMIT - 1);
  const builder = new ArenaBuilder(count, span?.textLength);
  const scores = new Float64Array(count);
  const add = (entry: unknown, id: number): void => {
    const [token, score] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    if (typeof token !== "string" || typeof score !== "number")
      throw read.wrong(`model.vocab[${id}]`, "a token and its score", entry);
    builder.appendText(token);
    builder.finish(id);
    scores[id] = score;
  };
  if (span === null) list.forEach(add);
  else {
    const cursor = span.cursor("model.vocab");
    cursor.list((id) => add(cursor.value(), id));
  }
  return { vocabulary: builder.build(true), scores };
}

export const byteTokenName = (byte: number): string =>
  `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`;

/** The ids of `<0x00>` to `<0xFF>`, -1 for those that the vocabulary lacks. */
export function byteTokens(vocabulary: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => vocabulary.get(byteTokenName(byte)) ?? -1);
}
