/** Nothing that saves work may change the text where it promises not to. */

import { compress } from "@frugal/kv-cache";
import { uniform } from "@frugal/kv-cache/allocators";
import { evict } from "@frugal/kv-cache/reducers";
import { snapKv, streamingLlm } from "@frugal/kv-cache/scorers";
import { questions, scene } from "@frugal/reference-models";
import { promptLookup, tokenRecycling } from "@frugal/speculative/drafters";
import { greedyTree, sampleAndMatch } from "@frugal/speculative/verifiers";
import { divPrune, fastV, identity, tome, vtcCls } from "@frugal/vision-token-pruning/methods";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GenerateOptions, LanguageModel } from "../src/index.js";
import { adversarialDrafter, answer, load, storyPrompts, type Written } from "./reference.js";

const NEW_TOKENS = 64;
const PROMPTS = 100;

let model: LanguageModel;
let prompts: string[];
let plain: Written[];

beforeAll(async () => {
  model = await load("fables");
  prompts = await storyPrompts(PROMPTS);
  plain = await all({});
}, 240_000);

afterAll(() => model.dispose());

async function all(options: GenerateOptions): Promise<Written[]> {
  const written: Written[] = [];
  for (const prompt of prompts) {
    written.push(
      await answer(model, prompt, { maxTokens: NEW_TOKENS, ignoreEndToken: true, ...options }),
    );
  }
  return written;
}

const idsOf = (written: readonly Written[]): number[][] => written.map(({ ids }) => ids);

for (const budget of [{ keepRatio: 1 }, { tokens: 4096 }]) {
  test(`a cache budget of ${JSON.stringify(budget)} changes no token`, async () => {
    const cache = compress({ scorer: snapKv({ window: 8 }), budget, positions: "compact" });
    expect(idsOf(await all({ cache }))).toEqual(idsOf(plain));
  }, 120_000);
}

const DRAFTERS = {
  "prompt lookup": () => promptLookup(),
  "token recycling": () => tokenRecycling(),
  "random trees": () => adversarialDrafter(),
};

for (const [name, make] of Object.entries(DRAFTERS)) {
  test(`greedy text is the same with ${name}`, async () => {
    const drafter = make();
    const written = await all({ draft: { drafter, verifier: greedyTree() } });
    expect(idsOf(written)).toEqual(idsOf(plain));
    const drafted = written.reduce((sum, w) => sum + w.drafted, 0);
    const accepted = written.reduce((sum, w) => sum + w.accepted, 0);
    process.stdout.write(`  ${name}: ${drafted} drafted, ${accepted} accepted\n`);
    expect(accepted).toBeGreaterThan(0);
    expect(drafted).toBeGreaterThan(accepted);
  }, 240_000);

  test(`the seeded stream is the same with ${name}`, async () => {
    const sampling = {
      temperature: 0.9,
      topK: 40,
      seed: 7,
      maxTokens: NEW_TOKENS,
      ignoreEndToken: true,
    };
    const verifier = sampleAndMatch();
    let accepted = 0;
    for (const prompt of prompts.slice(0, 24)) {
      const stream = await answer(model, prompt, sampling);
      const drafted = await answer(model, prompt, {
        ...sampling,
        draft: { drafter: make(), verifier },
      });
      expect(drafted.ids).toEqual(stream.ids);
      accepted += drafted.accepted;
    }
    expect(accepted).toBeGreaterThan(0);
  }, 120_000);
}

test("chunked prefill is whole prefill, bit for bit", async () => {
  const long = (await storyPrompts(12)).join("\n");
  const whole = await model.prefill(long, { chunkTokens: 4096 });
  for (const chunkTokens of [1, 7, 32, 200]) {
    const chunked = await model.prefill(long, { chunkTokens });
    expect(chunked.logits).toEqual(whole.logits);
    chunked.dispose();
  }
  whole.dispose();
}, 60_000);

test("speculation over a compressed cache gives the compressed text", async () => {
  const policies = [
    compress({
      scorer: streamingLlm({ sinks: 4 }),
      allocator: uniform(),
      reducer: evict(),
      budget: { tokens: 24 },
      positions: "compact",
    }),
    compress({
      scorer: snapKv({ window: 8 }),
      allocator: uniform(),
      reducer: evict(),
      budget: { tokens: 32 },
      positions: "original",
    }),
  ];
  for (const cache of policies) {
    for (const prompt of prompts.slice(0, 16)) {
      const options = { cache, maxTokens: NEW_TOKENS, ignoreEndToken: true };
      const compressed = await answer(model, prompt, options);
      for (const make of Object.values(DRAFTERS)) {
        const draft = { drafter: make(), verifier: sampleAndMatch() };
        expect((await answer(model, prompt, { ...options, draft })).ids).toEqual(compressed.ids);
      }
    }
  }
}, 240_000);

test("image methods that keep everything change no token", async () => {
  const scenes = await load("scenes");
  const keepAll = { budget: { keepRatio: 1 } };
  const methods = [identity(), divPrune(keepAll), vtcCls(keepAll), fastV(keepAll), tome(keepAll)];
  for (let seed = 3; seed < 13; seed++) {
    const picture = scene(seed);
    const [asked] = questions(picture, seed, 1);
    const images = [{ width: 64, height: 64, data: picture.pixels }];
    const prompt = { messages: [{ role: "user", content: asked?.question as string }], images };
    const expected = await answer(scenes, prompt, { maxTokens: 24 });
    for (const method of methods) {
      const { ids } = await answer(scenes, prompt, { maxTokens: 24, images: method });
      expect(ids, method.name).toEqual(expected.ids);
    }
  }
  scenes.dispose();
}, 120_000);
