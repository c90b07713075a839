/**
 * Calls that overlap on one model: each says what it says alone. All reads of a turn of the event loop come back together, as
 * from a GPU's queue, so that the calls go on side by side.
 */
import { compress } from "@frugal/kv-cache";
import { snapKv, tova } from "@frugal/kv-cache/scorers";
import { modelDirectory, type ReferenceModelName, scene } from "@frugal/reference-models";
import { promptLookup } from "@frugal/speculative/drafters";
import { sampleAndMatch } from "@frugal/speculative/verifiers";
import { expect, test } from "vitest";
import { type GenerateOptions, type LanguageModel, loadModel, type Piece } from "../src/index.js";
import { adversarialDrafter, answer, sharedBackend, storyPrompts } from "./reference.js";

async function load(name: ReferenceModelName): Promise<LanguageModel> {
  let together: Promise<void> | undefined;
  const turn = (): Promise<void> => {
    together ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      together = undefined;
    });
    return together;
  };
  const backend = new Proxy(await sharedBackend(), {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        const result = Reflect.apply(value, target, args) as unknown;
        return key === "read" ? turn().then(() => result) : result;
      };
    },
  });
  return loadModel(modelDirectory(name), { backend });
}

const OPTIONS: readonly GenerateOptions[] = [
  {},
  { temperature: 0.8, topK: 50, repetitionPenalty: 1.1, seed: 5 },
  { cache: compress({ scorer: snapKv({ window: 8 }), budget: { tokens: 24 }, interval: 4 }) },
  { cache: compress({ scorer: tova(), budget: { tokens: 20 }, positions: "compact" }) },
  { draft: { drafter: adversarialDrafter(), verifier: sampleAndMatch() } },
  { draft: { drafter: promptLookup(), verifier: sampleAndMatch() }, temperature: 0.7, seed: 9 },
];

const writing = { maxTokens: 32, ignoreEndToken: true };

test("six generations at once write what each writes alone", async () => {
  const model = await load("fables");
  const prompts = await storyPrompts(OPTIONS.length);
  const run = (i: number) =>
    answer(model, prompts[i] as string, { ...writing, ...(OPTIONS[i] as GenerateOptions) });
  const alone = [];
  for (let i = 0; i < OPTIONS.length; i++) alone.push((await run(i)).ids);
  const together = await Promise.all(OPTIONS.map((_, i) => run(i)));
  expect(together.map(({ ids }) => ids)).toEqual(alone);
  model.dispose();
}, 60_000);

test("two generators read in turn", async () => {
  const model = await load("fables");
  const prompts = await storyPrompts(2);
  const alone = [];
  for (const prompt of prompts) alone.push((await answer(model, prompt, writing)).ids);
  const written: number[][] = [[], []];
  const open = prompts.map((prompt) => model.generate(prompt, writing));
  for (let isOpen = true; isOpen; ) {
    isOpen = false;
    for (const [i, pieces] of open.entries()) {
      const { value } = (await pieces.next()) as { value?: Piece };
      if (value) isOpen = true;
      written[i]?.push(...(value?.tokenIds ?? []));
    }
  }
  expect(written).toEqual(alone);
  model.dispose();
}, 60_000);

/** Logits of all rows, a tap and the hidden states half-way: everything a step reads after its first await. */
async function stepped(model: LanguageModel, ids: Uint32Array): Promise<readonly number[][]> {
  const whole = model.newCache();
  const half = model.newCache();
  const needs = { mass: { signal: "columnMass", part: "decoder", layer: "each" } } as const;
  const all = await model.step({ rows: [{ cache: whole, tokens: ids }], logits: "all", needs });
  const below = await model.step({
    rows: [{ cache: half, tokens: ids }],
    logits: "none",
    toLayer: 1,
    needs: { seen: { signal: "attentionInput", part: "decoder", layer: 0, rows: "last" } },
  });
  const found = [all.logits[0], all.signals[0]?.mass, below.hidden?.[0], below.signals[0]?.seen];
  whole.dispose();
  half.dispose();
  return found.map((values) => [...(values?.data ?? [])]);
}

test("generate, step, embed, prefill and look in parallel", async () => {
  const model = await load("scenes");
  const picture = { width: 64, height: 64, data: scene(12).pixels };
  const messages = [{ role: "user", content: "list all the objects." }];
  const ids = Uint32Array.from({ length: 40 }, (_, i) => (i * 5) % 60);
  const calls: readonly (() => Promise<unknown>)[] = [
    async () => (await answer(model, { messages, images: [picture] }, writing)).ids,
    async () => (await answer(model, { messages }, writing)).ids,
    () => stepped(model, ids),
    () => stepped(model, ids.slice(7, 20).reverse()),
    async () => [...(await model.embed(ids)).data],
    async () => {
      const prefix = await model.prefill({ ids: ids.slice(0, 30) }, { chunkTokens: 4 });
      prefix.dispose();
      return [...prefix.logits];
    },
    async () => {
      const needs = { cls: { signal: "attention", part: "encoder", rows: "class" } } as const;
      const { pooled, projected, signals } = await model.look(picture, { needs });
      return [pooled, projected, signals.cls].map((values) => [...(values?.data ?? [])]);
    },
  ];
  const alone = [];
  for (const call of calls) alone.push(await call());
  const together = await Promise.all(calls.map((call) => call()));
  for (const [i, found] of together.entries()) expect(found, `call ${i}`).toEqual(alone[i]);
  model.dispose();
}, 60_000);
