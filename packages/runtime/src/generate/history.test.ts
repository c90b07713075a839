/** The history's signals are those of a step that had its last rows in one piece. */
import type { Cache } from "@frugal/kv-cache";
import type { Tap } from "@frugal/tensor";
import { keepRows } from "@frugal/tensor/rows";
import { afterEach, expect, test } from "vitest";
import { counting, TINY, tinyEngine } from "../../test/tiny.js";
import { runStep } from "../model/step.js";
import { TapPlan } from "../model/tap-plan.js";
import { QueryHistory } from "./history.js";

const W = 3;
const LAYER = 1;
const tap = { signal: "attention", part: "decoder", layer: LAYER, rows: { last: W } } as const;
const plan = new TapPlan({ a: tap satisfies Tap }, "decoder", TINY.layerCount);

const engine = tinyEngine();
const { decoder, backend } = engine;
const held: { dispose(): void }[] = [];
afterEach(() => {
  for (const own of held.splice(0)) own.dispose();
});

function opened(): { cache: Cache; history: QueryHistory } {
  const cache = engine.newCache();
  const history = new QueryHistory(backend, TINY, W);
  held.push(cache, history);
  return { cache, history };
}

function feed(
  cache: Cache,
  history: QueryHistory,
  tokens: Uint32Array,
  parents?: Int32Array,
): void {
  decoder.reserve(tokens.length);
  decoder.embed(tokens);
  cache.begin(parents ? { tokens, parents } : { tokens });
  const depths = parents ? { parents, depths: parents.map((p) => (p < 0 ? 0 : 1)) } : {};
  decoder.pass([{ cache, rows: tokens.length, ...depths }], 0, TINY.layerCount, history.listener);
}

async function whole(tokens: Uint32Array): Promise<number[]> {
  const cache = engine.newCache();
  held.push(cache);
  const { signals } = await runStep(engine, {
    rows: [{ cache, tokens }],
    logits: "none",
    needs: { a: tap },
  });
  return [...(signals[0]?.a?.data ?? [])];
}

async function seen(history: QueryHistory, cache: Cache): Promise<number[]> {
  const signals = await history.signals(LAYER, plan, cache);
  return [...(signals?.a?.data ?? [])];
}

test("nothing is there before the first row", async () => {
  const { cache, history } = opened();
  expect(await history.signals(LAYER, plan, cache)).toBeUndefined();
  expect(history.rowCount(LAYER)).toBe(0);
});

test.each([[[9]], [[1, 1, 1, 1, 1, 1, 1, 1, 1]], [[2, 5, 2]], [[4, 1, 4]], [[6, 3]]])(
  "pieces of %o rows leave the last three queries of nine",
  async (pieces) => {
    const { cache, history } = opened();
    let from = 0;
    for (const count of pieces) {
      feed(cache, history, counting(count, from));
      from += count;
    }
    expect(history.rowCount(LAYER)).toBe(W);
    expect(history.firstPosition(LAYER)).toBe(6);
    expect(await seen(history, cache)).toEqual(await whole(counting(9)));
  },
);

test("of a tree only the committed rows are remembered", async () => {
  const { cache, history } = opened();
  feed(cache, history, counting(4));
  const rounds = [
    [10, 11, 12],
    [13, 14, 15],
  ] as const;
  for (const tokens of rounds) {
    feed(cache, history, Uint32Array.from(tokens), Int32Array.of(-1, 0, 0));
    cache.commit([0, 2]);
    history.commit([0, 2]);
  }
  const wanted = await whole(Uint32Array.of(...counting(4), 10, 12, 13, 15));
  expect(await seen(history, cache)).toEqual(wanted);
});

test("rows that were cut are forgotten", async () => {
  const { cache, history } = opened();
  feed(cache, history, counting(7));
  feed(cache, history, Uint32Array.of(18, 19));
  cache.truncate(7);
  history.forget(2);
  expect(history.rowCount(LAYER)).toBe(3);
  feed(cache, history, counting(2, 7));
  expect(await seen(history, cache)).toEqual(await whole(counting(9)));
});

test("queries move with their keys: what stays is weighed as before", async () => {
  const { cache, history } = opened();
  feed(cache, history, counting(6));
  const before = await seen(history, cache);
  const rows = keepRows(Uint32Array.of(2, 3, 4, 5), 6);
  const positions = Int32Array.of(2, 3, 4, 5);
  const headPlan = { keysFrom: rows, valuesFrom: rows, positions, logWeights: null };
  cache.apply(LAYER, [headPlan, headPlan], { positions: "compact" });
  history.shift(LAYER, -2, TINY.rope);
  expect(history.firstPosition(LAYER)).toBe(1);
  const after = await seen(history, cache);
  for (let row = 0; row < TINY.queryHeadCount * W; row++) {
    const kept = before.slice(row * 6 + 2, row * 6 + 6);
    const mass = kept.reduce((a, b) => a + b, 0);
    for (const [t, weight] of kept.entries()) {
      expect(after[row * 4 + t]).toBeCloseTo(weight / mass, 5);
    }
  }
});

test("a fork goes its own way", async () => {
  const { cache, history } = opened();
  feed(cache, history, counting(5));
  const [otherCache, other] = [cache.fork(), history.fork()];
  held.push(otherCache, other);
  feed(otherCache, other, Uint32Array.of(19, 18));
  feed(cache, history, counting(4, 5));
  expect(await seen(history, cache)).toEqual(await whole(counting(9)));
  const forked = await whole(Uint32Array.of(...counting(5), 19, 18));
  expect(await seen(other, otherCache)).toEqual(forked);
});

test("everything is given back", () => {
  const before = backend.report().allocatedBytes;
  const { cache, history } = opened();
  for (let i = 0; i < 8; i++) feed(cache, history, counting(2, i));
  feed(cache, history, counting(3), Int32Array.of(-1, 0, 0));
  cache.dispose();
  history.dispose();
  expect(backend.report().allocatedBytes).toBe(before);
});
