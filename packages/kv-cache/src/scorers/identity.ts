/**
 * Scores every slot alike: with a full budget the cache that nothing was done to.
 *
 * Paper    none
 * Shapes   -> scores [1, T] f32, all 0
 * Needs    nothing
 * Cost     O(T)
 * Differs  below a full budget the tie rule decides: the lowest slots stay
 */
import { floats } from "@frugal/tensor";
import { longestHead } from "../store/view.js";
import type { Scorer } from "../types.js";

export function identity(): Scorer<Record<never, never>> {
  return {
    name: "identity",
    granularity: "layer",
    needs: () => ({}),
    open: () => ({ scores: (layer, cache) => floats([1, longestHead(cache, layer)]) }),
  };
}
