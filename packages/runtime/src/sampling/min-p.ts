/**
 * Keeps the tokens that are at least a share as likely as the best one.
 *
 * Paper    arXiv:2407.01082; as transformers' MinPLogitsWarper
 * Shapes   logits [V] f32, in place
 * Units    share in 0..1 of the best token's probability
 * Cost     O(V)
 */
import { maximum } from "./law.js";
import type { LogitProcessor } from "./processor.js";

export function minP(share: number): LogitProcessor {
  return {
    name: "min-p",
    apply(logits) {
      const best = maximum(logits);
      for (let i = 0; i < logits.length; i++) {
        if (Math.exp((logits[i] as number) - best) < share) logits[i] = -Infinity;
      }
    },
  };
}
