/**
 * Measures how many bits a text takes: with a code of one length, and with the best code that looks at single tokens.
 *
 * Paper    arXiv:2404.08335 (a model that sees single tokens comes close to the source where tokens are long and frequent)
 * Shapes   frequencies [types], zeros count nowhere
 * Units    bits; bits a byte
 * Cost     O(types)
 * Differs  the bits of the best code leave out what the code itself takes
 * Errors   ArgumentError: a frequency below 0, no bytes
 */
import { positive, totalOf } from "./checked.js";
import { shannonEntropy, typeCount } from "./entropy.js";

/** Every token by its number among the types that occur. */
export function fixedLengthBits(frequencies: ArrayLike<number>): number {
  const total = totalOf("fixedLengthBits", "frequencies", frequencies);
  return total === 0 ? 0 : total * Math.log2(typeCount(frequencies));
}

/** Bits a byte of the best unigram model over the tokens, fitted on the text itself; `byteLength` of the text. */
export function unigramTokenCrossEntropy(
  frequencies: ArrayLike<number>,
  byteLength: number,
): number {
  const where = "unigramTokenCrossEntropy";
  const total = totalOf(where, "frequencies", frequencies);
  return (total * shannonEntropy(frequencies)) / positive(where, "byteLength", byteLength);
}
