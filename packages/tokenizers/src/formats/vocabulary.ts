/**
 * Reads what the models' JSON have in common: a vocabulary, an unknown token, byte tokens.
 *
 * Cost     O(vocabulary)
 * Errors   FormatError with the field's path
 */
import { ID_LIMIT } from "../limits.js";
import * as read from "./fields.js";

/** A Map: `__proto__` and `constructor` are tokens like any other. */
export function readVocabulary(model: read.Fields): Map<string, number> {
  const { value } = read.fields(read.raw(model, "vocab"), "model.vocab");
  const vocabulary = new Map<string, number>();
  const taken = new Set<number>();
  for (const token in value) {
    if (!Object.hasOwn(value, token)) continue;
    const id = read.wholeNumber(value[token], `model.vocab[${JSON.stringify(token)}]`, ID_LIMIT);
    if (taken.has(id)) throw read.invalid("model.vocab", `gives the id ${id} to two tokens`);
    taken.add(id);
    vocabulary.set(token, id);
  }
  return vocabulary;
}

/** The ids of `<0x00>` to `<0xFF>`, -1 for those that the vocabulary lacks. */
export function byteTokens(vocabulary: ReadonlyMap<string, number>): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    const digits = byte.toString(16).toUpperCase().padStart(2, "0");
    return vocabulary.get(`<0x${digits}>`) ?? -1;
  });
}
