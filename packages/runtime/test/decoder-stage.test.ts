/** FastV cuts the caches above its layer and leaves those below alone: 16 decoded tokens tell. */

import { scene } from "@frugal/reference-models";
import { keepRows } from "@frugal/tensor/rows";
import { fastV } from "@frugal/vision-token-pruning/methods";
import { expect, test } from "vitest";
import type { LanguageModel } from "../src/index.js";
import { answer, load } from "./reference.js";

const LAYER = 2;
const NEW_TOKENS = 16;
const IMAGE_START = 1;
const IMAGE_TOKENS = 256;

/** A run whose caches are cut by hand: layers below `cut` whole, layers above fed only with the rows that stay. */
async function byHand(model: LanguageModel, seed: number, cutBelowToo: boolean): Promise<number[]> {
  const picture = { width: 64, height: 64, data: scene(seed).pixels };
  const ids = promptIds(model);
  const { projected } = await model.look(picture);
  const embeddings = await model.embed(ids);
  const width = embeddings.dims[1] as number;
  embeddings.data.set(projected.data, IMAGE_START * width);
  const cache = model.newCache();
  const needs = {
    a: { signal: "attention", part: "decoder", layer: LAYER - 1, rows: "last" },
  } as const;
  const below = await model.step({
    rows: [{ cache, tokens: ids, embeddings }],
    logits: "none",
    needs,
    toLayer: LAYER,
  });
  const kept = keptColumns(below.signals[0]?.a?.data as Float32Array, ids.length, 64);
  const whole = below.hidden?.[0]?.data as Float32Array;
  const data = new Float32Array(kept.length * width);
  kept.forEach((row, i) => {
    data.set(whole.subarray(row * width, (row + 1) * width), i * width);
  });
  const { logits } = await model.step({
    rows: [{ cache, positions: Int32Array.from(kept), origins: Int32Array.from(kept) }],
    logits: "last",
    fromLayer: LAYER,
    hidden: [{ type: "float32", location: "cpu", dims: [kept.length, width], data }],
  });
  if (cutBelowToo) {
    const rows = keepRows(Uint32Array.from(kept), ids.length);
    const plan = {
      keysFrom: rows,
      valuesFrom: rows,
      positions: Int32Array.from(kept),
      logWeights: null,
    };
    for (let l = 0; l < LAYER; l++) cache.apply(l, [plan, plan], { positions: "original" });
  }
  const written = [best(logits[0]?.data as Float32Array)];
  while (written.length < NEW_TOKENS) {
    const tokens = Uint32Array.of(written.at(-1) as number);
    const step = await model.step({ rows: [{ cache, tokens }], logits: "last" });
    written.push(best(step.logits[0]?.data as Float32Array));
  }
  cache.dispose();
  return written;
}

const promptIds = (model: LanguageModel): Uint32Array => {
  const text = model.tokenizer.encode("list all the objects.", { addSpecialTokens: false });
  return Uint32Array.of(0, ...new Array<number>(IMAGE_TOKENS).fill(4), 2, ...text, 3);
};

/** The `count` image columns with most attention, mean over heads, and every text column; ascending. */
function keptColumns(attention: Float32Array, columns: number, count: number): number[] {
  const heads = attention.length / columns;
  const mean = Array.from({ length: columns }, (_, c) => {
    let sum = 0;
    for (let h = 0; h < heads; h++) sum += attention[h * columns + c] as number;
    return sum / heads;
  });
  const image = Array.from({ length: IMAGE_TOKENS }, (_, i) => IMAGE_START + i);
  const chosen = new Set(
    image.sort((a, b) => (mean[b] as number) - (mean[a] as number)).slice(0, count),
  );
  return mean
    .map((_, c) => c)
    .filter((c) => chosen.has(c) || c < IMAGE_START || c >= IMAGE_START + IMAGE_TOKENS);
}

function best(logits: Float32Array): number {
  let at = 0;
  for (let i = 1; i < logits.length; i++)
    if ((logits[i] as number) > (logits[at] as number)) at = i;
  return at;
}

test("FastV at layer 2 equals caches cut by hand above that layer only", async () => {
  const model = await load("scenes");
  const images = fastV({ budget: { tokens: 64 }, layer: LAYER });
  let differing = 0;
  for (const seed of [31, 32, 33, 34, 35, 36]) {
    const picture = { width: 64, height: 64, data: scene(seed).pixels };
    const prompt = { ids: promptIds(model), images: [picture] };
    const options = { images, maxTokens: NEW_TOKENS, ignoreEndToken: true };
    const { ids } = await answer(model, prompt, options);
    expect(ids).toEqual(await byHand(model, seed, false));
    // A run that cuts the caches below as well must be told apart, or this test shows nothing.
    if ((await byHand(model, seed, true)).join() !== ids.join()) differing++;
  }
  expect(differing).toBeGreaterThan(0);
  model.dispose();
}, 60_000);
