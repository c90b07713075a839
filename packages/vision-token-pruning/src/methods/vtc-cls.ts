/**
 * Keeps the image tokens to which the class token attends most, summed over encoder layers.
 *
 * Paper    VTC-CLS, arXiv:2412.05819
 * Shapes   the class token's attention of each layer in range [H, 1, 1 + N] f32  ->  TokenMap, M rows, positions compact
 * Units    score = probability after softmax, mean over heads, sum over layers
 * Needs    an encoder with a class token; one row of attention a layer in `startLayer .. endLayer`
 * Cost     O(layers*H*N)
 * Differs  the paper sets the first layer for each data set; here the default is the middle one, floor(L / 2). L counts the
 *          layers that run, and -1 leaves out the last of them: where the projector reads the last but one of all layers, the
 *          paper's own range is `endLayer: Infinity`
 * Errors   CapabilityError without a class token; ArgumentError for an empty range of layers and from resolveBudget;
 *          ShapeError when tokens were merged or pruned inside the encoder
 */
import {
  ArgumentError,
  CapabilityError,
  resolveBudget,
  type Tap,
  topkIndices,
} from "@frugal/tensor";
import { keepTokens } from "../map.js";
import { expectSignal, tokenStep } from "../step.js";
import type { Budget, Floats, TokenMethod } from "../types.js";

export interface LayerRange {
  /** First layer, from 0; a negative number counts from the end. Default floor(L / 2). */
  readonly startLayer?: number;
  /** One past the last layer, or negative from the end. Default -1: all but the last layer. */
  readonly endLayer?: number;
}

export interface VtcClsOptions extends LayerRange {
  readonly budget: Budget;
}

export function vtcCls({ budget, ...range }: VtcClsOptions): TokenMethod {
  return {
    name: "vtc-cls",
    open({ model, tokenCount }) {
      if (!model.encoder?.hasClassToken)
        throw new CapabilityError("vtcCls", ["an encoder with a class token"]);
      const count = resolveBudget(tokenCount, budget);
      const [start, end] = layersIn(model.encoder.layerCount, range);
      if (count >= tokenCount) return { steps: [] };
      const needs: Record<string, Tap> = {};
      for (let layer = start; layer < end; layer++)
        needs[`layer ${layer}`] = { signal: "attention", part: "encoder", layer, rows: "class" };
      const step = tokenStep({
        stage: { at: "features" },
        needs,
        act(signals, state) {
          const rows = Object.keys(needs).map((name) => signals[name]!);
          for (const row of rows) expectSignal("vtcCls: attention", row, [-1, 1, state.count + 1]);
          const scores = clsAttentionEnsemble(rows, state.count);
          return keepTokens(topkIndices(scores, Math.min(count, state.count)), state);
        },
      });
      return { steps: [step] };
    },
  };
}

/** Sum over layers of the mean over heads: each layer is [H, columns], the image its last `count` columns; [count]. */
export function clsAttentionEnsemble(layers: readonly Floats[], count: number): Float64Array {
  const scores = new Float64Array(count);
  for (const { data, dims } of layers) {
    const width = dims[dims.length - 1]!;
    const headCount = data.length / width;
    for (let h = 0; h < headCount; h++) {
      const start = (h + 1) * width - count;
      for (let n = 0; n < count; n++) scores[n]! += data[start + n]! / headCount;
    }
  }
  return scores;
}

/** First layer and one past the last of a range, as slices count them. */
export function layersIn(layerCount: number, range: LayerRange): readonly [number, number] {
  const { startLayer = Math.floor(layerCount / 2), endLayer = -1 } = range;
  const start = startLayer < 0 ? layerCount + startLayer : startLayer;
  const end = Math.min(layerCount, endLayer < 0 ? layerCount + endLayer : endLayer);
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || start >= end)
    throw new ArgumentError("layersIn", "layers", `a range within 0..${layerCount}`, [
      startLayer,
      endLayer,
    ]);
  return [start, end];
}
