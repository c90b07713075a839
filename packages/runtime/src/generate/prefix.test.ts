/** Continuations of a prefix are those of the whole prompt, and none changes another. */
import { compress } from "@frugal/kv-cache";
import { snapKv, streamingLlm, tova } from "@frugal/kv-cache/scorers";
import { promptLookup } from "@frugal/speculative/drafters";
import { sampleAndMatch } from "@frugal/speculative/verifiers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, load, storyPrompts, write } from "../../test/reference.js";
import type { LanguageModel } from "../model/language-model.js";
import type { ContinueOptions } from "./generate.js";

let model: LanguageModel;
let prompt: string;
beforeAll(async () => {
  model = await load("fables-draft");
  prompt = (await storyPrompts(2)).join("\n");
});
afterAll(() => model.dispose());

const writing = { maxTokens: 16, ignoreEndToken: true };
const policies = [
  compress({ scorer: snapKv({ window: 8 }), budget: { tokens: 24 } }),
  compress({ scorer: tova(), budget: { tokens: 20 }, positions: "compact" }),
  compress({ scorer: streamingLlm(), budget: { tokens: 16 }, positions: "compact" }),
];
const CONTINUATIONS: readonly ContinueOptions[] = [
  {},
  ...policies.map((cache) => ({ cache })),
  { temperature: 0.9, seed: 3 },
  { draft: { drafter: promptLookup(), verifier: sampleAndMatch() } },
];

test("each continuation equals the generation of the whole prompt, in any order, twice", async () => {
  const prefix = await model.prefill(prompt, { policies });
  const slots = prefix.cache.length(0, 0);
  for (const options of [...CONTINUATIONS, ...[...CONTINUATIONS].reverse()]) {
    const whole = await answer(model, prompt, { ...writing, ...options });
    expect((await write(prefix.generate({ ...writing, ...options }))).ids).toEqual(whole.ids);
  }
  expect([prefix.cache.length(0, 0), prefix.cache.tokenCount]).toEqual([slots, prefix.ids.length]);
  prefix.dispose();
});

test("continuations that are read in turn don't mix", async () => {
  const prefix = await model.prefill(prompt, { policies });
  const run = (options: ContinueOptions) => write(prefix.generate({ ...writing, ...options }));
  const alone: number[][] = [];
  for (const options of CONTINUATIONS) alone.push((await run(options)).ids);
  const together = await Promise.all(CONTINUATIONS.map(run));
  expect(together.map(({ ids }) => ids)).toEqual(alone);
  prefix.dispose();
});

test("a policy whose queries were not kept is refused, and so is what dates from another time", async () => {
  const prefix = await model.prefill(prompt, { retainQueries: 1 });
  await write(prefix.generate({ ...writing, cache: policies[1] as never }));
  await expect(write(prefix.generate({ cache: policies[0] as never }))).rejects.toThrow(
    /the last 8 queries/,
  );
  prefix[Symbol.dispose]();
  expect(() => prefix.generate()).toThrow(/disposed/);
  expect(() => prefix.ask("why?")).toThrow(/disposed/);
  await expect(prefix.compress(policies[2] as never)).rejects.toThrow(/disposed/);
  await expect(model.prefill(prompt, { retainQueries: -1 })).rejects.toThrow(/retainQueries/);
});
