/** The target over a tiny decoder: laws and best tokens are those of plain steps, and a step makes no tensor. */
import { argmax, type DraftTree, type Floats } from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { expect, test } from "vitest";
import { counted, counting, TINY, tinyEngine } from "../../test/tiny.js";
import { runStep } from "../model/step.js";
import { samplerOf } from "../sampling/index.js";
import { QueryHistory } from "./history.js";
import { Sequence } from "./sequence.js";
import { Target, TokenList } from "./target.js";

const V = TINY.vocabularySize;
const PROMPT = counting(5);

async function opened(options = {}, backend = referenceBackend()) {
  const engine = tinyEngine(backend);
  const cache = engine.newCache();
  await runStep(engine, { rows: [{ cache, tokens: PROMPT }], logits: "none" });
  const sequence = new Sequence(engine, cache);
  const target = new Target(sequence, samplerOf(options), new TokenList(PROMPT));
  return { engine, sequence, target };
}

async function logitsAfter(tokens: readonly number[]): Promise<Floats> {
  const engine = tinyEngine();
  const cache = engine.newCache();
  const all = Uint32Array.of(...PROMPT, ...tokens);
  const { logits } = await runStep(engine, { rows: [{ cache, tokens: all }], logits: "last" });
  return logits[0] as Floats;
}

const TREE: DraftTree = {
  tokens: Uint32Array.of(7, 3, 9, 1),
  parents: Int32Array.of(-1, 0, 0, 2),
  drawn: "deterministic",
};
const PATHS = [[7], [7, 3], [7, 9], [7, 9, 1]];

test("a greedy law is one on the best token of the row's path", async () => {
  const { target } = await opened();
  await target.feedTree(TREE, {});
  for (const [row, path] of PATHS.entries()) {
    const law = await target.law(row);
    const best = argmax((await logitsAfter(path)).data);
    expect([...law]).toEqual(Array.from({ length: V }, (_, i) => (i === best ? 1 : 0)));
  }
});

test("a sampled law is processed for the tokens on the row's path", async () => {
  const options = { temperature: 0.7, topK: 9, repetitionPenalty: 1.3 };
  const { target } = await opened(options);
  await target.feedTree(TREE, {});
  for (const [row, path] of PATHS.entries()) {
    const { data } = await logitsAfter(path);
    // The root is the context's last token already: what follows it on the path is added.
    const seen = [...PROMPT, ...path.slice(1)];
    const wanted = samplerOf(options).law(data, () => seen);
    expect([...(await target.law(row))]).toEqual([...wanted]);
  }
});

test("the best tokens of each row", async () => {
  const { target } = await opened();
  await target.feedTree(TREE, {});
  const top = await target.top(3);
  for (const [row, path] of PATHS.entries()) {
    const { data } = await logitsAfter(path);
    const order = [...data.keys()].sort((a, b) => (data[b] as number) - (data[a] as number));
    expect([...top.subarray(row * 3, row * 3 + 3)]).toEqual(order.slice(0, 3));
  }
});

test("signals of the tree's rows come back", async () => {
  const { target } = await opened();
  const signals = await target.feedTree(TREE, {
    h: { signal: "hidden", part: "decoder", layer: 3 },
  });
  expect(signals.h?.dims).toEqual([4, TINY.width]);
});

test("nothing is made a token once the largest step was seen", async () => {
  for (const options of [{}, { temperature: 0.9, repetitionPenalty: 1.2 }]) {
    const { backend, made } = counted(referenceBackend());
    const { sequence, target } = await opened(options, backend);
    const { engine } = sequence;
    sequence.history = new QueryHistory(backend, engine.decoder.config, 2);
    const turn = async (token: number) => {
      await target.feedTree(TREE, {});
      await target.law(2);
      await target.top(2);
      sequence.commit([0, 2]);
      await target.feed(token);
      await target.law(0);
    };
    for (let i = 0; i < 4; i++) await turn(i);
    const before = made();
    for (let i = 0; i < 12; i++) await turn(i);
    expect(made()).toBe(before);
  }
});

test("logits are the target's own: other steps of the model don't touch them", async () => {
  const { engine, target } = await opened({ temperature: 1 });
  await target.feed(4);
  const other = engine.newCache();
  await runStep(engine, { rows: [{ cache: other, tokens: counting(300) }], logits: "all" });
  const wanted = samplerOf({ temperature: 1 }).law((await logitsAfter([4])).data, () => []);
  expect([...(await target.law(0))]).toEqual([...wanted]);
});

test("everything is given back", async () => {
  const { engine, target, sequence } = await opened();
  const before = engine.backend.report().allocatedBytes;
  await target.feedTree(TREE, {});
  await target.law(1);
  await target.top(2);
  sequence.commit([0]);
  sequence.cache.truncate(PROMPT.length);
  expect(engine.backend.report().allocatedBytes).toBeGreaterThan(before);
  target.dispose();
  target.dispose();
  expect(engine.backend.report().allocatedBytes).toBe(before);
});

test("a token list grows, and lends out what is behind it for one call", () => {
  const list = new TokenList(Uint32Array.of(1, 2));
  expect([...list.with([8, 9])]).toEqual([1, 2, 8, 9]);
  expect([...list.view]).toEqual([1, 2]);
  for (let i = 0; i < 600; i++) list.push(i);
  expect(list.view).toHaveLength(602);
  expect([...list.with(Array.from({ length: 900 }, () => 5)).slice(600, 604)]).toEqual([
    598, 599, 5, 5,
  ]);
  expect(list.view.at(-1)).toBe(599);
});
