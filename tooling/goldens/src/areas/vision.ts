/** Vision-token methods on recorded signals. */
import { type Floats, keepRows, topkIndices } from "@frugal/tensor";
import {
  applyMap,
  mergeTokens,
  nextState,
  openState,
  restoreTokens,
  type TokenState,
} from "@frugal/vision-token-pruning";
import {
  bipartiteSoftMatching,
  clsAttentionEnsemble,
  kthBipartiteSoftMatching,
  lastRowAttention,
  layersIn,
  type MergePlan,
  maxMinDiversity,
  parseR,
  randomBipartiteSoftMatching,
} from "@frugal/vision-token-pruning/methods";
import {
  type CaseRunner,
  dimsOf,
  float32Of,
  type GoldenCase,
  type GoldenValue,
  MissingError,
  numberOf,
  numbersOf,
} from "../types.js";

export const visionCases: Record<string, CaseRunner> = {
  tome: async ({ params, inputs }) => {
    const options = {
      classToken: params.classToken === true,
      distillToken: params.distillToken === true,
      parity: true,
    };
    const rounds = numbersOf(params.r);
    return merging(inputs, rounds.length, (metric, round) =>
      bipartiteSoftMatching(metric, rounds[round] as number, options),
    );
  },
  "tome-kth": async ({ params, inputs }) =>
    merging(inputs, 1, (metric) => kthBipartiteSoftMatching(metric, numberOf(params.k))),
  "tome-random": async ({ params, inputs }) =>
    merging(inputs, 1, (metric) =>
      randomBipartiteSoftMatching(metric, numberOf(params.r), float32Of(inputs.noise)),
    ),
  "tome-schedule": async ({ params }) => {
    const r = Array.isArray(params.r) ? numbersOf(params.r) : numberOf(params.r);
    const inflection = params.inflection === undefined ? 0 : numberOf(params.inflection);
    return { r: parseR(numberOf(params.layers), r, inflection) };
  },
  divprune: async ({ params, inputs }) => {
    const order = maxMinDiversity(floatsOf(inputs.features), numberOf(params.count));
    return { order, kept: order.slice().sort() };
  },
  "vtc-cls": async ({ params, inputs }) => vtcClsCase(params, floatsOf(inputs.classAttentions)),
  fastv: async ({ params, inputs }) => fastvCase(params, floatsOf(inputs.attention)),
};

type Fields = GoldenCase["params"];

/** Rounds of merging: the metric is the case's, then the merged tokens. */
function merging(
  inputs: Fields,
  roundCount: number,
  planOf: (metric: Floats, round: number) => MergePlan,
): Record<string, unknown> {
  const tokens = floatsOf(inputs.tokens);
  let state: TokenState = openState(rowsOf(tokens));
  let merged = tokens;
  let source = Int32Array.from({ length: state.count }, (_, n) => n);
  let restored: Floats | undefined;
  let mean: Floats | undefined;
  for (let round = 0; round < roundCount; round++) {
    const plan = planOf(round === 0 ? floatsOf(inputs.metric) : merged, round);
    const map = mergeTokens(plan.rowOf, plan.rowCount, state);
    const plain = mergeTokens(plan.rowOf, plan.rowCount, state, { weighting: "mean" });
    mean = applyMap(plain, merged);
    merged = applyMap(map, merged);
    const restoring = keepRows(plan.restoreFrom, plan.rowCount);
    restored = restoreTokens({ ...map, restoring }, merged);
    state = nextState(map, state);
    source = source.map((row) => plan.rowOf[row] as number);
  }
  return { source, sizes: state.sizes, merged, restored, mean };
}

function vtcClsCase(params: Fields, attentions: Floats): Record<string, unknown> {
  if (params.reduce !== "sum" && params.reduce !== undefined)
    throw new MissingError(`reduce ${String(params.reduce)}`);
  const [layerCount, headCount, count] = attentions.dims as [number, number, number];
  const [start, end] = layersIn(layerCount, {
    startLayer: numberOf(params.startLayer),
    endLayer: numberOf(params.endLayer),
  });
  const size = headCount * count;
  const layers = Array.from({ length: end - start }, (_, i) => ({
    ...attentions,
    dims: [headCount, count],
    data: attentions.data.subarray((start + i) * size, (start + i + 1) * size),
  }));
  const scores = clsAttentionEnsemble(layers, count);
  return { scores, kept: topkIndices(scores, numberOf(params.count)) };
}

function fastvCase(params: Fields, attention: Floats): Record<string, unknown> {
  const first = numberOf(params.imageStart);
  const length = numberOf(params.imageLength);
  const scores = lastRowAttention(attention, first, length);
  const kept = topkIndices(scores, numberOf(params.count));
  const sequence = attention.dims[2] as number;
  const positions = [
    ...range(0, first),
    ...Array.from(kept, (n) => n + first),
    ...range(first + length, sequence),
  ];
  return { kept, positions };
}

function floatsOf(value: GoldenValue | undefined): Floats {
  return { type: "float32", location: "cpu", dims: dimsOf(value), data: float32Of(value) };
}

const rowsOf = ({ dims }: Floats): number => dims[0] as number;

const range = (start: number, end: number): number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
