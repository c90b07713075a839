/**
 * Gives every head the same number of slots.
 *
 * Paper    none: what every method without an allocation of its own does
 * Shapes   -> slots [sum of G over layers]
 * Needs    nothing; scores are not read
 * Cost     O(heads) and one pass over protected slots
 * Differs  what a short head cannot use goes to the others, so the sum is exact
 */
import { apportion, boundsOf } from "../policy/apportion.js";
import type { Allocator } from "../types.js";

export function uniform(): Allocator {
  return {
    name: "uniform",
    allocate({ totalSlots, cache }) {
      const { lower, upper } = boundsOf(cache);
      return apportion(totalSlots, new Float64Array(lower.length).fill(1), lower, upper);
    },
  };
}
