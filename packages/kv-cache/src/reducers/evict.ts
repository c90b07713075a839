/**
 * Keeps the protected slots and the best of the others; the rest is evicted.
 *
 * Paper    none: what every eviction method does with its scores
 * Shapes   scores [T] -> plan of `slots` rows, ascending old slots
 * Needs    nothing beyond the scores
 * Cost     O(T log slots)
 * Differs  ties go to the lower slot, NaN ranks below everything (the reference codes leave both to their sort)
 * Errors   ShapeError for scores of another length; ArgumentError for a number of slots that is no count
 */
import { ArgumentError, keepRows, ShapeError, topkIndices } from "@frugal/tensor";
import type { Reducer } from "../types.js";

export function evict(): Reducer {
  return {
    name: "evict",
    reduce({ layer, head, slots, scores, cache }) {
      const length = cache.length(layer, head);
      if (scores.length !== length) throw new ShapeError("evict", [length], [scores.length]);
      const kept = keptSlots(scores, slots, (slot) => cache.isProtected(layer, head, slot));
      const rows = keepRows(kept, length);
      const positions = cache.positions(layer, head);
      const logWeights = cache.logWeights(layer, head);
      return {
        keysFrom: rows,
        valuesFrom: rows,
        positions: Int32Array.from(kept, (slot) => positions[slot]!),
        logWeights: logWeights && Float32Array.from(kept, (slot) => logWeights[slot]!),
      };
    },
  };
}

/** Ascending slots: all protected ones, then the best up to `count` in all. */
export function keptSlots(
  scores: ArrayLike<number>,
  count: number,
  isProtected: (slot: number) => boolean,
): Uint32Array {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new ArgumentError("evict", "slots", "a non-negative integer", count);
  }
  const kept: number[] = [];
  const open: number[] = [];
  for (let slot = 0; slot < scores.length; slot++) (isProtected(slot) ? kept : open).push(slot);
  const room = Math.min(open.length, Math.max(0, count - kept.length));
  const best = topkIndices(
    Float64Array.from(open, (slot) => scores[slot]!),
    room,
  );
  for (const i of best) kept.push(open[i]!);
  return Uint32Array.from(kept).sort();
}
