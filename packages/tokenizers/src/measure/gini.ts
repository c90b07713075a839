/**
 * Measures how unevenly costs are spread.
 *
 * Paper    none (Gini 1912); for tokenizers Meister, arXiv:2305.15425 (premiums)
 * Shapes   values [n], none below 0
 * Units    0 (all alike) .. 1 - 1/n (one bears all)
 * Cost     O(n log n)
 * Errors   ArgumentError: a value below 0
 */
import { totalOf } from "./checked.js";

/** 0 where there is nothing to spread. */
export function gini(values: ArrayLike<number>): number {
  const total = totalOf("gini", "values", values);
  if (total === 0) return 0;
  const sorted = Float64Array.from(values).sort();
  let weighted = 0;
  for (let i = 0; i < sorted.length; i++) weighted += (i + 1) * sorted[i]!;
  const count = sorted.length;
  return (2 * weighted) / (count * total) - (count + 1) / count;
}
