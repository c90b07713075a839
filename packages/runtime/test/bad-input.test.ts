/** What a caller may get wrong: typed errors with a remedy, and nothing left behind on the back end. */

import type { Scorer } from "@frugal/kv-cache";
import { compress } from "@frugal/kv-cache";
import { evict } from "@frugal/kv-cache/reducers";
import { snapKv } from "@frugal/kv-cache/scorers";
import { promptLookup } from "@frugal/speculative/drafters";
import { sampleAndMatch } from "@frugal/speculative/verifiers";
import { FrugalError, floats } from "@frugal/tensor";
import { divPrune } from "@frugal/vision-token-pruning/methods";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { GenerateOptions, LanguageModel, Prompt } from "../src/index.js";
import { answer, load, sharedBackend, storyPrompts } from "./reference.js";

let model: LanguageModel;
let scenes: LanguageModel;
let pagesBefore = 0;

beforeAll(async () => {
  model = await load("fables");
  scenes = await load("scenes");
});
afterAll(() => {
  model.dispose();
  scenes.dispose();
});
beforeEach(async () => {
  pagesBefore = (await sharedBackend()).kv.byteLength();
});
afterEach(async () => {
  expect((await sharedBackend()).kv.byteLength()).toBe(pagesBefore);
});

async function refusal(
  prompt: Prompt,
  options: GenerateOptions = {},
  of = model,
): Promise<FrugalError> {
  const error = await answer(of, prompt, options).catch((e: unknown) => e);
  if (!FrugalError.is(error))
    throw error instanceof Error ? error : new TypeError("nothing was refused");
  return error;
}

test("an empty prompt", async () => {
  expect((await refusal("")).code).toBe("ArgumentError");
  expect((await refusal({ ids: [] })).code).toBe("ArgumentError");
});

test("a prompt longer than the context says how long it may be", async () => {
  const error = await refusal({ ids: new Uint32Array(2049).fill(5) });
  expect(error.code).toBe("ArgumentError");
  expect(error.message).toMatch(/2048.*got 2049/);
  expect(error.message).toMatch(/Shorten/);
});

test("ids outside the vocabulary", async () => {
  expect((await refusal({ ids: [0, 4096] })).message).toMatch(/4096/);
});

test("pictures for a text model, and placeholders without pictures", async () => {
  const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
  expect((await refusal({ ids: [0, 4, 5], images: [picture] })).code).toBe("ArgumentError");
  expect((await refusal({ ids: [0, 4, 5] }, {}, scenes)).message).toMatch(/images must be 1/);
});

test("broken pictures", async () => {
  const images = [Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, 1, 2, 3])];
  const messages = [{ role: "user", content: "what is it?" }];
  expect((await refusal({ messages, images }, {}, scenes)).code).toBe("FormatError");
});

test.each([
  { maxTokens: -1 },
  { maxTokens: 1.5 },
  { maxTokens: Number.NaN },
  { chunkTokens: 0 },
  { temperature: -1 },
  { topP: 2 },
])("options out of range: %o", async (options) => {
  expect((await refusal("Once", options)).code).toBe("ArgumentError");
});

test.each([-1, 1.5, Number.NaN])("a cache budget of %d tokens", (tokens) => {
  expect(() => compress({ scorer: worst(() => 0), budget: { tokens } })).toThrow(FrugalError);
});

test.each([-0.5, 1.5, Number.NaN])("an image budget of %d", async (keepRatio) => {
  const images = [{ width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) }];
  const messages = [{ role: "user", content: "what is it?" }];
  const options = { images: divPrune({ budget: { keepRatio } }) };
  expect((await refusal({ messages, images }, options, scenes)).code).toBe("ArgumentError");
});

/** A scorer whose scores come from a function of the slot. */
function worst(score: (slot: number) => number): Scorer {
  return {
    name: "made-up",
    granularity: "kvHead",
    needs: () => ({}),
    open: () => ({
      scores(layer, cache) {
        const length = Math.max(cache.length(layer, 0), cache.length(layer, 1));
        return floats(
          [2, length],
          Float32Array.from({ length: 2 * length }, (_, i) => score(i % length)),
        );
      },
    }),
  };
}

test("NaN and infinite scores still keep exactly the budget", async () => {
  const [prompt] = await storyPrompts(1);
  for (const score of [
    () => Number.NaN,
    () => -Infinity,
    (s: number) => (s % 2 ? Number.NaN : s),
  ]) {
    const cache = compress({ scorer: worst(score), reducer: evict(), budget: { tokens: 12 } });
    const prefix = await model.prefill(prompt as string);
    await prefix.compress(cache);
    for (let layer = 0; layer < 6; layer++) {
      expect([prefix.cache.length(layer, 0), prefix.cache.length(layer, 1)]).toEqual([12, 12]);
    }
    prefix.dispose();
  }
});

test("an interval of 1 refuses a drafter", async () => {
  const cache = compress({ scorer: worst((s) => s), budget: { tokens: 8 }, interval: 1 });
  const draft = { drafter: promptLookup(), verifier: sampleAndMatch() };
  expect((await refusal("Once", { cache, draft })).message).toMatch(/interval/);
});

test("an aborted generation rejects with its reason and frees what it held", async () => {
  const reason = new RangeError("enough");
  const controller = new AbortController();
  const pieces = model.generate("Once upon a time", {
    maxTokens: 500,
    ignoreEndToken: true,
    signal: controller.signal,
  });
  let seen = 0;
  await expect(async () => {
    for await (const piece of pieces) {
      seen += piece.tokenIds.length;
      if (seen === 5) controller.abort(reason);
    }
  }).rejects.toBe(reason);
  expect(seen).toBeLessThan(500);
  const late = model.generate("Once", { signal: AbortSignal.abort(reason) });
  await expect(late.next()).rejects.toBe(reason);
});

test("a generation that nobody reads to its end frees what it held", async () => {
  for await (const _ of model.generate("Once upon a time", { maxTokens: 50 })) break;
});

test("wrong shapes in a step", async () => {
  const cache = model.newCache();
  const tokens = Uint32Array.of(0, 5);
  const step = (rows: object, more: object = {}) =>
    model.step({ rows: [{ cache, ...rows }], logits: "none", ...more }).catch((e: unknown) => e);
  for (const [rows, more] of [
    [{ tokens: new Uint32Array(0) }, {}],
    [{ tokens, positions: Int32Array.of(0) }, {}],
    [{ tokens, parents: Int32Array.of(-1) }, {}],
    [{ tokens, embeddings: floats([2, 7]) }, {}],
    [{ tokens }, { fromLayer: 3 }],
    [{ tokens }, { toLayer: 99 }],
    [{ tokens }, { needs: { a: { signal: "hidden", part: "decoder", layer: 99 } } }],
    [{ tokens }, { needs: { a: { signal: "tokenLosses", part: "decoder", layer: 0 } } }],
  ] as const) {
    expect(FrugalError.is(await step(rows, more)), JSON.stringify([rows, more])).toBe(true);
  }
  cache.dispose();
});

test("a step that is refused leaves the cache as it was", async () => {
  const cache = model.newCache();
  const tokens = Uint32Array.of(0, 5);
  const needs = { a: { signal: "hidden", part: "decoder", layer: 1, rows: [7] } } as const;
  await expect(model.step({ rows: [{ cache, tokens }], logits: "none", needs })).rejects.toThrow(
    /rows/,
  );
  for (const position of [-5, 2_000_000]) {
    const rows = [{ cache, tokens, positions: Int32Array.of(0, position) }];
    await expect(model.step({ rows, logits: "none" })).rejects.toThrow(/positions/);
  }
  expect(cache.tokenCount).toBe(0);
  cache.dispose();
});

test("a drafter that gives nothing, or half a tree", async () => {
  const verifier = sampleAndMatch();
  const half = { drawn: "deterministic", tokens: Uint32Array.of(0, 1), parents: Int32Array.of(-1) };
  for (const tree of [undefined, half]) {
    const drafter = { ...promptLookup(), propose: () => tree as never };
    expect((await refusal("Once", { draft: { drafter, verifier } })).code).toBe("ArgumentError");
  }
});

test("stop strings and windows are checked before the prefill", async () => {
  expect((await refusal("Once", { stop: [""] })).code).toBe("ArgumentError");
  const cache = compress({ scorer: snapKv({ window: 1e8 }), budget: { tokens: 8 } });
  expect((await refusal("Once", { cache })).message).toMatch(/2048 positions/);
});

test("a disposed model and a disposed prefix", async () => {
  const own = await load("fables-draft");
  const prefix = await own.prefill("Once");
  prefix.dispose();
  expect(() => prefix.generate()).toThrow(/disposed/);
  own.dispose();
  expect(() => own.generate("Once")).toThrow(/disposed/);
});

test("everything is given back: allocated bytes return to where they were", async () => {
  const backend = await sharedBackend();
  const before = backend.report().allocatedBytes;
  const own = await load("scenes");
  const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
  const messages = [{ role: "user", content: "how many objects are there?" }];
  const cache = compress({ scorer: worst((s) => s), budget: { tokens: 40 }, positions: "compact" });
  const draft = { drafter: promptLookup(), verifier: sampleAndMatch() };
  await answer(
    own,
    { messages, images: [picture] },
    { cache, draft, maxTokens: 24, ignoreEndToken: true },
  );
  own.dispose();
  expect(backend.report().allocatedBytes).toBe(before);
});

test("prompts and drafts that are none", async () => {
  for (const prompt of [null, 5, {}, { ids: [1.5] }, { ids: [-1] }] as never[]) {
    expect((await refusal(prompt)).code).toBe("ArgumentError");
  }
  for (const draft of [{}, { drafter: promptLookup() }] as never[]) {
    expect((await refusal("Once", { draft })).message).toMatch(/draft\.(drafter|verifier)/);
  }
});

test("a drafter beside a policy that has to see every row", async () => {
  const needs = { mass: { signal: "columnMass", part: "decoder", layer: "each" } } as const;
  const scorer: Scorer = { ...worst((s) => s), needs: () => needs };
  const cache = compress({ scorer, budget: { tokens: 8 } });
  const draft = { drafter: promptLookup(), verifier: sampleAndMatch() };
  expect((await refusal("Once upon a time", { cache, draft })).code).toBe("CapabilityError");
});
