/**
 * Joins the tokens of a batch further: the most frequent pair of neighbors first, as BPE is trained, on this batch alone.
 *
 * Paper    Retrofitting with dynamic tokenization, arXiv:2411.18553
 * Shapes   batch: sequences of tokens, T in all  ->  sequences as long or shorter, and the merges in order
 * Cost     O((T + occurrences made) log T) and one test of the boundary for each different pair
 * Differs  counts are kept up to date; the released code counts the batch anew for each merge. Of equally frequent pairs
 *          the first in the batch is taken, as there
 * Errors   ArgumentError: no list of lists of strings, maxMerges that is no count
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { MergeBoundary } from "./dynamic-boundaries.js";
import { PairPlaces } from "./pair-places.js";

export interface DynamicMergeOptions {
  /** Merges at most. */
  readonly maxMerges: number;
  /** `pieceBoundary`, `wordBoundary`, `sentenceBoundary`, or your own. */
  readonly boundary: MergeBoundary;
}

export interface DynamicMerge {
  readonly batch: string[][];
  readonly merges: (readonly [left: string, right: string])[];
}

const WHERE = "dynamicBpeMerge";

/** The result for a text depends on the others of its batch; for one that does not, give each text by itself. */
export function dynamicBpeMerge(
  batch: readonly (readonly string[])[],
  { maxMerges, boundary }: DynamicMergeOptions,
): DynamicMerge {
  if (!(maxMerges >= 0))
    throw new ArgumentError(WHERE, "maxMerges", "a count from 0 up", maxMerges);
  const places = new PairPlaces(boundary);
  for (const [i, sequence] of batch.entries()) {
    if (!Array.isArray(sequence) || sequence.some((token) => typeof token !== "string"))
      throw new ArgumentError(WHERE, `batch[${i}]`, "a list of strings", sequence);
    places.addSequence(sequence);
  }
  const merges: (readonly [string, string])[] = [];
  while (merges.length < maxMerges) {
    const merged = places.mergeMostFrequent();
    if (merged === null) break;
    merges.push(merged);
  }
  return { batch: places.sequences(), merges };
}
