/**
 * Compares the length of texts in tokens with their length under another tokenizer.
 *
 * Paper    NSL, arXiv:2402.01035
 * Shapes   lengths, reference [texts]: tokens of the same texts
 * Units    below 1: fewer tokens than the reference
 * Cost     O(texts)
 * Errors   ArgumentError: lists of different length, a length below 0, a reference without tokens
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { positive, totalOf } from "./checked.js";

export function normalizedSequenceLength(
  lengths: ArrayLike<number>,
  reference: ArrayLike<number>,
): number {
  const where = "normalizedSequenceLength";
  if (lengths.length !== reference.length) {
    throw new ArgumentError(where, "reference", `of ${lengths.length} texts`, reference.length);
  }
  const total = totalOf(where, "reference", reference);
  return totalOf(where, "lengths", lengths) / positive(where, "the reference's tokens", total);
}
