/**
 * Keeps tokens drawn at random, each subset with equal chance: the line every method must beat.
 *
 * Paper    none
 * Shapes   N tokens  ->  TokenMap, M rows over N
 * Needs    the request's seeded generator; no signal
 * Cost     O(N) time and scratch, M draws
 * Errors   ArgumentError from resolveBudget
 */

import type { Random } from "@frugal/tensor";
import { resolveBudget } from "@frugal/tensor";
import { keepTokens } from "../map.js";
import { tokenStep } from "../step.js";
import type { Budget, TokenMethod } from "../types.js";

export function random({ budget }: { readonly budget: Budget }): TokenMethod {
  return {
    name: "random",
    open({ tokenCount, random: generator }) {
      const count = resolveBudget(tokenCount, budget);
      if (count >= tokenCount) return { steps: [] };
      const step = tokenStep({
        stage: { at: "prompt" },
        needs: {},
        act: (_, state) =>
          keepTokens(randomSubset(state.count, count, generator.fork("random")), state),
      });
      return { steps: [step] };
    },
  };
}

/** Indices [count] of `total`, ascending: the first places of a shuffle. */
export function randomSubset(total: number, count: number, generator: Random): Uint32Array {
  const order = Uint32Array.from({ length: total }, (_, n) => n);
  const kept = Math.min(count, total);
  for (let m = 0; m < kept; m++) {
    const other = m + Math.floor(generator.next() * (total - m));
    const swapped = order[m]!;
    order[m] = order[other]!;
    order[other] = swapped;
  }
  return order.slice(0, kept).sort();
}
