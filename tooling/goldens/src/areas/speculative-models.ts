/** Greedy text of the reference models, with the smallest gap of the two best logits along it. */
import type { Floats } from "@frugal/tensor";
import { modelOf } from "../models.js";
import { type CaseRunner, MissingError, numberOf, numbersOf } from "../types.js";

const greedyGeneration: CaseRunner = async (golden, { backend }) => {
  const model = await modelOf(golden, backend);
  const ids = Uint32Array.from(numbersOf(golden.inputs.ids));
  const maxTokens = numberOf(golden.params.maxNewTokens);
  if (!model.endTokenIds.includes(numberOf(golden.params.eosTokenId))) {
    throw new MissingError("an end token that is not the model's");
  }
  const tokens: number[] = [];
  let text = "";
  for await (const piece of model.generate({ ids }, { maxTokens, temperature: 0 })) {
    tokens.push(...piece.tokenIds);
    text += piece.text;
  }
  const cache = model.newCache();
  const fed = Uint32Array.of(...ids, ...tokens.slice(0, -1));
  const { logits } = await model.step({ rows: [{ cache, tokens: fed }], logits: "all" });
  cache.dispose();
  const { data, dims } = logits[0] as Floats;
  const width = dims[1] as number;
  const margins = tokens.map((_, i) => {
    const row = ids.length - 1 + i;
    return margin(data.subarray(row * width, (row + 1) * width));
  });
  return { tokens, text, smallestMargin: Math.min(...margins) };
};

function margin(logits: Float32Array): number {
  let first = -Infinity;
  let second = -Infinity;
  for (const value of logits) {
    if (value > first) [first, second] = [value, first];
    else if (value > second) second = value;
  }
  return first - second;
}

export const speculativeModelCases: Record<string, CaseRunner> = {
  "greedy-generation": greedyGeneration,
};
