/**
 * Measures the share of a text that tokens of middle rank make up.
 *
 * Paper    after Gowda and May, arXiv:2004.02334; the quantiles of Zouhar et al., arXiv:2306.16842
 * Shapes   frequencies [types], zeros count nowhere
 * Units    share of the tokens, 0..1; quantiles of the ranks, the most frequent first
 * Cost     O(types log types)
 * Differs  nothing from tokenization-scorer: the rank `floor(types end)` is left out, and a range without ranks is widened by
 *          one, towards the front where there is one
 * Errors   ArgumentError: a quantile outside 0..1, `start` above `end`, a frequency below 0
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { share, totalOf } from "./checked.js";
import { typeCount } from "./entropy.js";

export interface PercentileOptions {
  /** Default: 0.03. */
  readonly start?: number;
  /** Default: 0.83. */
  readonly end?: number;
}

export function percentileFrequency(
  frequencies: ArrayLike<number>,
  { start = 0.03, end = 0.83 }: PercentileOptions = {},
): number {
  const where = "percentileFrequency";
  if (share(where, "start", start) > share(where, "end", end)) {
    throw new ArgumentError(where, "start", `at most end (${end})`, start);
  }
  const total = totalOf(where, "frequencies", frequencies);
  if (total === 0) return 0;
  const ranked = Float64Array.from(frequencies).sort().reverse();
  const types = typeCount(ranked);
  let first = Math.min(Math.floor(types * start), types - 1);
  let last = Math.min(Math.floor(types * end), types - 1);
  if (first === last) first = Math.max(0, first - 1);
  if (first === last) last = Math.min(types - 1, last + 1);
  let mass = 0;
  for (let rank = first; rank < last; rank++) mass += ranked[rank]!;
  return mass / total;
}
