/** Token methods inside the whole reference model: what stays, and what the model then says. */
import type { LanguageModel } from "@frugal/runtime";
import type { TokenMap, TokenMethod } from "@frugal/vision-token-pruning";
import { divPrune, fastV, tome, vtcCls } from "@frugal/vision-token-pruning/methods";
import { modelOf } from "../models.js";
import { type CaseRunner, type GoldenCase, numberOf, numbersOf } from "../types.js";
import { pictureOf } from "./core.js";

/** The method, with every map it makes kept. */
function recorded(method: TokenMethod): { method: TokenMethod; maps: TokenMap[] } {
  const maps: TokenMap[] = [];
  const open: TokenMethod["open"] = (context) => {
    const session = method.open(context);
    const steps = session.steps.map((step) => ({
      ...step,
      act: async (...args: Parameters<typeof step.act>) => {
        const map = await step.act(...args);
        if (map) maps.push(map);
        return map;
      },
    }));
    return { ...session, steps };
  };
  return { method: { ...method, open }, maps };
}

async function logitsWith(
  golden: GoldenCase,
  model: LanguageModel,
  picture: Awaited<ReturnType<typeof pictureOf>>,
  images?: TokenMethod,
): Promise<Float32Array> {
  const ids = numbersOf(golden.inputs.ids);
  const prefix = await model.prefill({ ids, images: [picture] }, images ? { images } : {});
  prefix.dispose();
  return prefix.logits;
}

/** Cases whose method only prunes: which image tokens stay, and the last logits. */
const pruning =
  (make: (golden: GoldenCase) => TokenMethod): CaseRunner =>
  async (golden, context) => {
    const model = await modelOf(golden, context.backend);
    const { method, maps } = recorded(make(golden));
    const logits = await logitsWith(golden, model, await pictureOf(golden, context), method);
    return { kept: maps[0]?.matrix.sources ?? [], logits };
  };

const visionFull: CaseRunner = async (golden, context) => {
  const model = await modelOf(golden, context.backend);
  const picture = await pictureOf(golden, context);
  const { pooled } = await model.look(picture);
  return { pooled, logits: await logitsWith(golden, model, picture) };
};

const tomeEncoder: CaseRunner = async (golden, context) => {
  const model = await modelOf(golden, context.backend);
  const picture = await pictureOf(golden, context);
  const method = tome({
    schedule: numbersOf(golden.params.schedule),
    proportionalAttention: golden.params.proportionalAttention === true,
  });
  const { pooled, features, state } = await model.look(picture, { method });
  const result: Record<string, unknown> = { pooled, tokens: features };
  // The class token is row 0 of the official source map and sizes.
  const source = new Int32Array(1 + state.origins.sourceCount);
  for (let row = 0; row < state.count; row++) {
    for (let i = state.origins.starts[row] ?? 0; i < (state.origins.starts[row + 1] ?? 0); i++) {
      source[1 + (state.origins.sources[i] as number)] = 1 + row;
    }
  }
  result.source = source;
  result.sizes = [1, ...state.sizes];
  if ("logits" in golden.expect) result.logits = await logitsWith(golden, model, picture, method);
  return result;
};

export const visionModelCases: Record<string, CaseRunner> = {
  "vision-full": visionFull,
  "tome-encoder": tomeEncoder,
  "divprune-model": pruning(({ params }) =>
    divPrune({ budget: { tokens: numberOf(params.count) } }),
  ),
  "vtc-cls-model": pruning(({ params }) =>
    vtcCls({
      budget: { tokens: numberOf(params.count) },
      startLayer: numberOf(params.startLayer),
      endLayer: numberOf(params.endLayer),
    }),
  ),
  "fastv-model": pruning(({ params }) =>
    fastV({ budget: { keepRatio: 1 - numberOf(params.ratio) }, layer: numberOf(params.layer) }),
  ),
};
