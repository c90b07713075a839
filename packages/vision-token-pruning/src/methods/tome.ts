/**
 * Merges the most similar pairs of image tokens in every encoder layer, between attention and MLP.
 *
 * Paper    ToMe, arXiv:2210.09461
 * Shapes   key [heads, rows, D] f32 of each layer  ->  TokenMap by size-weighted means, count - r rows; rows = count, plus the
 *          class token in front where the encoder has one (it is never merged)
 * Units    r: tokens removed in a layer, at most half; similarity = cosine of the keys' mean over heads
 * Needs    keys of every layer with r > 0; proportional attention (sizes as log weights in the encoder) unless switched off
 * Cost     O(N*N*D / 4) a layer, O(N*D) scratch, no matrix of similarities
 * Differs  a row of zeros is orthogonal to all and a row with a NaN least similar, where the paper divides by zero. Maps stand
 *          in the official order (unmerged tokens, then destinations), since the next layer pairs tokens by it. The paper has
 *          no language model behind the encoder: by default the decoder sees this order, positions compact, every token with
 *          weight 1 (sizes count in the encoder alone); `order: "spatial"` sorts once behind the encoder, by the first
 *          original token. Budget 0 is no merge: all tokens go
 * Errors   ArgumentError from resolveBudget, for a budget that L layers cannot reach by halving, for a schedule that is longer
 *          than L or not of counts; CapabilityError without an encoder; ShapeError for keys of another count
 */
import { ArgumentError, CapabilityError, floats, resolveBudget } from "@frugal/tensor";
import { keepTokens, mergeTokens, spatialOrder } from "../map.js";
import { bipartiteSoftMatching } from "../matching/bipartite.js";
import { budgetSchedule, parseR } from "../matching/schedule.js";
import { expectSignal, tokenStep } from "../step.js";
import type { Budget, Floats, TokenMap, TokenMethod, TokenState, TokenStep } from "../types.js";

export {
  bipartiteSoftMatching,
  type MatchingOptions,
  type MergePlan,
} from "../matching/bipartite.js";
export { budgetSchedule, parseR } from "../matching/schedule.js";
export { kthBipartiteSoftMatching, randomBipartiteSoftMatching } from "../matching/variants.js";

export type TomeSchedule =
  /** Exactly this many tokens behind the encoder, removed as evenly as halving allows. */
  | { readonly budget: Budget }
  /** r of each layer; the layers behind it merge nothing. */
  | { readonly schedule: readonly number[] }
  /** The official `parse_r`: inflection 0 the same r in every layer, -1 falling from 2r to 0, 1 rising. */
  | { readonly r: number; readonly inflection?: number };

export type TomeOptions = TomeSchedule & {
  /** Default true; off for encoders trained without it by masking (MAE). */
  readonly proportionalAttention?: boolean;
  /** What follows the encoder sees. Default "official". */
  readonly order?: "official" | "spatial";
};

export function tome(options: TomeOptions): TokenMethod {
  const { proportionalAttention = true, order = "official" } = options;
  return {
    name: "tome",
    open({ model, tokenCount }) {
      if (!model.encoder) throw new CapabilityError("tome", ["an image encoder"]);
      const { hasClassToken, layerCount } = model.encoder;
      if ("budget" in options && resolveBudget(tokenCount, options.budget) === 0)
        return { steps: [pruneAll()] };
      const steps: TokenStep[] = [];
      scheduleOf(options, tokenCount, layerCount).forEach((r, layer) => {
        if (r > 0) steps.push(mergeStep(layer, r, hasClassToken, proportionalAttention));
      });
      if (steps.length > 0 && order === "spatial")
        steps.push(
          tokenStep({
            stage: { at: "features" },
            needs: {},
            act: (_, state) => spatialOrder(state),
          }),
        );
      return { steps };
    },
  };
}

function scheduleOf(options: TomeSchedule, tokenCount: number, layerCount: number): number[] {
  if ("schedule" in options) return parseR(layerCount, options.schedule);
  if ("r" in options) return parseR(layerCount, options.r, options.inflection);
  const count = resolveBudget(tokenCount, options.budget);
  const fewest = Math.ceil(tokenCount / 2 ** layerCount);
  if (count < fewest)
    throw new ArgumentError(
      "tome",
      "budget",
      `0 or at least ${fewest} of ${tokenCount} tokens over ${layerCount} layers`,
      options.budget,
    );
  return budgetSchedule(tokenCount, count, layerCount);
}

function mergeStep(
  layer: number,
  r: number,
  classToken: boolean,
  proportional: boolean,
): TokenStep {
  return tokenStep({
    stage: { at: "encoder", layer, point: "afterAttention" },
    needs: { key: { signal: "key", part: "encoder", layer } },
    act({ key }, state) {
      expectSignal("tome: key", key, [-1, state.count + (classToken ? 1 : 0), -1]);
      return mergeSimilar(headMean(key), r, state, { classToken, proportional });
    },
  });
}

/** One round over tokens with this metric [rows, C]: null when there is nothing to merge. */
export function mergeSimilar(
  metric: Floats,
  r: number,
  state: TokenState,
  options: { readonly classToken: boolean; readonly proportional: boolean },
): TokenMap | null {
  const { rowOf, rowCount } = bipartiteSoftMatching(metric, r, options);
  if (rowCount === rowOf.length) return null;
  const protectedCount = options.classToken ? 1 : 0;
  const imageRows = rowOf.subarray(protectedCount).map((row) => row - protectedCount);
  const { proportional } = options;
  return mergeTokens(imageRows, rowCount - protectedCount, state, { proportional });
}

/** Mean over heads: [heads, rows, D] -> [rows, D]. */
export function headMean({ data, dims }: Floats): Floats {
  const [headCount, rowCount, width] = dims as [number, number, number];
  const mean = new Float32Array(rowCount * width);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (let h = 0; h < headCount; h++) sum += data[h * mean.length + i]!;
    mean[i] = sum / headCount;
  }
  return floats([rowCount, width], mean);
}

const pruneAll = (): TokenStep =>
  tokenStep({
    stage: { at: "features" },
    needs: {},
    act: (_, state) => keepTokens(new Uint32Array(0), state),
  });
