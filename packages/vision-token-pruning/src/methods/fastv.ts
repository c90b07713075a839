/**
 * Keeps the image tokens to which the prompt's last token attends most after K decoder layers.
 *
 * Paper    FastV, arXiv:2403.06764 (its mode that really drops tokens)
 * Shapes   attention of layer K - 1, last row [H, 1, T] f32  ->  TokenMap, M rows; kept tokens keep their position ids
 * Units    score = probability after softmax over the whole sequence, mean over heads
 * Needs    one row of attention of one decoder layer; the question is part of it
 * Cost     O(H*N) and one readback of a row
 * State    none: layers below K keep the full image in their cache
 * Errors   ArgumentError for a layer outside 1 .. L - 1 and from resolveBudget; CapabilityError without a decoder;
 *          ShapeError when the row does not hold the image
 */
import {
  ArgumentError,
  CapabilityError,
  resolveBudget,
  ShapeError,
  topkIndices,
} from "@frugal/tensor";
import { keepTokens } from "../map.js";
import { expectSignal, tokenStep } from "../step.js";
import type { Budget, Floats, TokenMethod } from "../types.js";

export interface FastVOptions {
  readonly budget: Budget;
  /** K: how many decoder layers see all tokens. Default 2. */
  readonly layer?: number;
}

export function fastV({ budget, layer = 2 }: FastVOptions): TokenMethod {
  return {
    name: "fastv",
    dependsOn: "question",
    open({ model, tokenCount }) {
      if (!model.decoder) throw new CapabilityError("fastV", ["a decoder"]);
      const last = model.decoder.layerCount - 1;
      if (!Number.isInteger(layer) || layer < 1 || layer > last)
        throw new ArgumentError("fastV", "layer", `an integer in 1..${last}`, layer);
      const count = resolveBudget(tokenCount, budget);
      if (count >= tokenCount) return { steps: [] };
      const step = tokenStep({
        stage: { at: "decoder", layer },
        needs: {
          attention: { signal: "attention", part: "decoder", layer: layer - 1, rows: "last" },
        },
        act({ attention }, state) {
          expectSignal("fastV: attention", attention, [-1, 1, -1]);
          const scores = lastRowAttention(attention, state.first, state.count);
          return keepTokens(topkIndices(scores, Math.min(count, state.count)), state, {
            positions: "keep",
          });
        },
      });
      return { steps: [step] };
    },
  };
}

/** Mean over heads of the last row's attention [H, S, T] to columns `first .. first + count`: [count]. */
export function lastRowAttention(attention: Floats, first: number, count: number): Float64Array {
  const [headCount, rowCount, width] = attention.dims as [number, number, number];
  if (rowCount === 0 || first + count > width)
    throw new ShapeError("lastRowAttention", [headCount, -1, first + count], attention.dims);
  const scores = new Float64Array(count);
  for (let h = 0; h < headCount; h++) {
    const start = ((h + 1) * rowCount - 1) * width + first;
    for (let n = 0; n < count; n++) scores[n]! += attention.data[start + n]! / headCount;
  }
  return scores;
}
