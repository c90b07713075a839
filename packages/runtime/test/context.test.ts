/** A context is fed once and asked often: the same answers as feeding it every time. */
import { compress } from "@frugal/kv-cache";
import { streamingLlm } from "@frugal/kv-cache/scorers";
import { FrugalError } from "@frugal/tensor";
import { expect, test } from "vitest";
import { answer, load, storyPrompts, write } from "./reference.js";

const QUESTIONS = [" And then", " The king said", "\nOnce more,"];

test("questions share a prefix and leave it as it was", async () => {
  const model = await load("fables");
  const [text] = await storyPrompts(1);
  const prefix = await model.prefill(text as string);
  const options = { maxTokens: 24, ignoreEndToken: true };
  for (const question of [...QUESTIONS, QUESTIONS[0] as string]) {
    const more = model.tokenizer.encode(question, { addSpecialTokens: false });
    const whole = await answer(model, { ids: Uint32Array.of(...prefix.ids, ...more) }, options);
    expect((await write(prefix.ask(question, options))).ids).toEqual(whole.ids);
  }
  expect(() => prefix.ask("")).toThrow(FrugalError);
  expect(() => prefix.ask(new Uint32Array(3000))).toThrow(FrugalError);
  expect(() => prefix.ask(Uint32Array.of(9999))).toThrow(FrugalError);
  prefix.dispose();
  model.dispose();
});

test("a compressed context answers from fewer slots", async () => {
  const model = await load("fables");
  const text = (await storyPrompts(6)).join("\n");
  const cache = compress({ scorer: streamingLlm(), budget: { tokens: 40 }, positions: "compact" });
  const context = await model.compressContext(text, { cache });
  expect(context.cache.length(0, 0)).toBe(40);
  for (const question of QUESTIONS) {
    const { ids } = await write(context.ask(question, { maxTokens: 8, ignoreEndToken: true }));
    expect(ids).toHaveLength(8);
  }
  expect(context.cache.length(0, 0)).toBe(40);
  context.dispose();
  model.dispose();
});
