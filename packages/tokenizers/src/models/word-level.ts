/**
 * Looks pieces up as whole words.
 *
 * Paper    none
 * Cost     O(n) for a piece of n units
 * Errors   CapabilityError: a word that the vocabulary lacks, and no unknown token
 */
import { CapabilityError } from "@frugal/tensor/errors";
import type { Model } from "./bpe.js";

export interface WordLevelParts {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** -1: none. */
  readonly unknown: number;
}

export const wordLevel = ({ vocabulary, unknown }: WordLevelParts): Model => ({
  encode(aligned, start, end, sink) {
    const id = vocabulary.get(aligned.text.slice(start, end)) ?? unknown;
    if (id < 0) throw new CapabilityError("encode", ["an unknown token, which this text needs"]);
    sink.addFrom(id, aligned, start, end);
  },
});
