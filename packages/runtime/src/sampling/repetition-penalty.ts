/**
 * Makes tokens that have occurred less likely (or more, below 1).
 *
 * Paper    CTRL, arXiv:1909.05858; as transformers' RepetitionPenaltyLogitsProcessor
 * Shapes   logits [V] f32, in place
 * Units    positive logits are divided by the penalty, others multiplied: once a token, however often it occurred
 * Cost     O(path), V bytes of scratch
 * Errors   ArgumentError for a token outside the vocabulary
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { LogitProcessor } from "./processor.js";

export function repetitionPenalty(penalty: number): LogitProcessor {
  const factor = Math.fround(penalty);
  let seen = new Uint8Array(0);
  return {
    name: "repetition-penalty",
    apply(logits, path) {
      if (seen.length !== logits.length) seen = new Uint8Array(logits.length);
      else seen.fill(0);
      for (const id of path()) {
        const logit = logits[id];
        if (logit === undefined) {
          throw new ArgumentError(
            "repetitionPenalty",
            "path",
            `token ids below ${logits.length}`,
            id,
          );
        }
        if (seen[id] === 1) continue;
        seen[id] = 1;
        logits[id] = logit < 0 ? logit * factor : logit / factor;
      }
    },
  };
}
