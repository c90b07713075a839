/**
 * Sums over all segmentations of a text under a Unigram model: how probable it is, and how often each token is expected.
 *
 * Paper    Kudo, arXiv:1804.10959 (the E step of its training)
 * Shapes   expected [V] f64, by id
 * Units    natural logarithms; expected counts add up to the expected number of tokens
 * Needs    a tokenizer with a Unigram model
 * Cost     O(n + matches) for n units, 8 bytes for each id below the highest
 * Differs  each unknown character counts once for the unknown token, though `encode` joins those side by side
 * Errors   CapabilityError: another model
 */

import type { EncodeOptions, Tokenizer } from "../types.js";
import { unigramParts } from "./models.js";
import { wholeLattice } from "./n-best.js";

export interface Marginals {
  readonly logProbability: number;
  readonly expected: Float64Array;
}

export function marginals(
  tokenizer: Tokenizer,
  text: string,
  options: EncodeOptions = {},
): Marginals {
  const parts = unigramParts(tokenizer, "marginals");
  const lattice = wholeLattice(tokenizer, parts, text, options, "marginals");
  const expected = new Float64Array(parts.scores.length);
  return { logProbability: lattice.addExpected(1, expected), expected };
}
