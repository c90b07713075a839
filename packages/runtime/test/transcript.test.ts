/** Forty greedy tokens of fables, stored: with and without compression at full budget, on both CPU back ends. */
import { compress } from "@frugal/kv-cache";
import { snapKv, streamingLlm, tova } from "@frugal/kv-cache/scorers";
import { modelDirectory } from "@frugal/reference-models";
import { referenceBackend } from "@frugal/tensor/reference";
import { expect, test } from "vitest";
import { type GenerateOptions, loadModel } from "../src/index.js";
import { answer, load } from "./reference.js";

const PROMPT = "Once upon a time there was a king who had three";
const TEXT =
  " sons. They were both very poor, and they were very fond of him. They were all very fond of him, and he was so fond of them that they were all pleased with him. The";
const IDS = [
  2528, 18, 998, 452, 1242, 567, 1066, 16, 278, 387, 452, 567, 2697, 293, 370, 18, 998, 452, 403,
  567, 2697, 293, 370, 16, 278, 284, 318, 384, 2697, 293, 446, 331, 387, 452, 403, 1796, 363, 370,
  18, 366,
];
const full = { budget: { keepRatio: 1 } } as const;

const OPTIONS: Readonly<Record<string, GenerateOptions>> = {
  "no compression": {},
  "SnapKV at full budget": { cache: compress({ scorer: snapKv(), ...full }) },
  "TOVA at full budget, compact": {
    cache: compress({ scorer: tova(), ...full, positions: "compact" }),
  },
  "StreamingLLM with room for all": {
    cache: compress({ scorer: streamingLlm(), budget: { tokens: 2048 } }),
  },
};

test.each(Object.entries(OPTIONS))("%s", async (_, options) => {
  const model = await load("fables");
  const { ids, text } = await answer(model, PROMPT, {
    maxTokens: 40,
    ignoreEndToken: true,
    ...options,
  });
  expect(text).toBe(TEXT);
  expect(ids).toEqual(IDS);
  model.dispose();
});

test("the reference back end writes the same", async () => {
  const model = await loadModel(modelDirectory("fables"), { backend: referenceBackend() });
  const { ids } = await answer(model, PROMPT, { maxTokens: 12, ignoreEndToken: true });
  expect(ids).toEqual(IDS.slice(0, 12));
  model.dispose();
});
