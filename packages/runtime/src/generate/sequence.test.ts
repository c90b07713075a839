import { compress, type Scorer } from "@frugal/kv-cache";
import { snapKv, streamingLlm } from "@frugal/kv-cache/scorers";
import { createRandom, floats } from "@frugal/tensor";
import { expect, test } from "vitest";
import { counting, TINY, tinyEngine } from "../../test/tiny.js";
import { prefill } from "./prefill.js";
import { Sequence, slotCount, windowOf } from "./sequence.js";

const prompt = (count: number, from = 0) => ({
  ids: counting(count, from),
  positions: undefined,
  images: [],
  fullLength: count,
});

function opened(): Sequence {
  const engine = tinyEngine();
  return new Sequence(engine, engine.newCache());
}

const policy = (scorer: Scorer, more = {}) =>
  compress({ scorer, budget: { tokens: 6 }, positions: "compact", interval: 4, ...more });

/** Sees every row that passes, and notes which. */
function witness(): { scorer: Scorer; rows: [layer: number, first: number, count: number][] } {
  const rows: [number, number, number][] = [];
  const scorer: Scorer = {
    name: "witness",
    granularity: "kvHead",
    needs: () => ({ mass: { signal: "columnMass", part: "decoder", layer: "each" } }),
    open: () => ({
      observe: (layer, _, first, count) => void rows.push([layer, first, count]),
      scores: (layer, cache) => floats([2, cache.length(layer, 0)]),
    }),
  };
  return { scorer, rows };
}

test("without a policy a boundary changes nothing", async () => {
  const sequence = opened();
  await prefill(sequence, prompt(9));
  await sequence.boundary("prefillEnd");
  expect(sequence.records).toEqual([]);
  expect(sequence.roomToBoundary).toBe(Infinity);
  expect(slotCount(sequence.engine.decoder, sequence.cache)).toBe(9 * 3 * 2);
  sequence.dispose();
});

test("a boundary shrinks to the budget, writes it down and starts the count anew", async () => {
  const sequence = opened();
  sequence.shrinkBy(policy(streamingLlm({ sinks: 2 })), createRandom(1));
  await prefill(sequence, prompt(9));
  await sequence.boundary("prefillEnd");
  expect(sequence.records).toEqual([{ boundary: "prefillEnd", slotsBefore: 54, slotsAfter: 36 }]);
  expect(sequence.roomToBoundary).toBe(4);
  sequence.committedSince = 3;
  expect(sequence.roomToBoundary).toBe(1);
  await sequence.boundary("interval");
  expect(sequence.roomToBoundary).toBe(4);
  expect(sequence.records).toHaveLength(1);
  expect(sequence.cache.nextPosition(0)).toBe(6);
  sequence.dispose();
});

test("a policy over past rows needs queries that were kept", async () => {
  const late = opened();
  await prefill(late, prompt(9));
  expect(() => late.shrinkBy(policy(snapKv({ window: 4 })), createRandom(1))).toThrow(
    /the last 4 queries.*retainQueries: 4/s,
  );
  late.dispose();
  const kept = opened();
  kept.retain(5);
  await prefill(kept, prompt(9));
  kept.shrinkBy(policy(snapKv({ window: 4 })), createRandom(1));
  await kept.boundary("prefillEnd");
  expect(kept.cache.length(2, 1)).toBe(6);
  kept.dispose();
});

test("a policy over every row sees each once, at its position, also behind what was there", async () => {
  const { scorer, rows } = witness();
  const sequence = opened();
  sequence.shrinkBy(policy(scorer, { budget: { tokens: 100 } }), createRandom(1));
  await prefill(sequence, prompt(5), { chunkTokens: 3 });
  await prefill(sequence, prompt(2, 5), { chunkTokens: 3 });
  expect(rows.filter(([layer]) => layer === 1)).toEqual([
    [1, 0, 3],
    [1, 3, 2],
    [1, 5, 2],
  ]);
  expect(rows).toHaveLength(3 * TINY.layerCount);
  expect(() => {
    const late = sequence.fork();
    try {
      late.shrinkBy(policy(scorer), createRandom(1));
    } finally {
      late.dispose();
    }
  }).toThrow(/signals of rows that have passed/);
  sequence.dispose();
});

test("a fork shares pages and goes on without the policy", async () => {
  const sequence = opened();
  sequence.retain(2);
  await prefill(sequence, prompt(40));
  const before = sequence.engine.backend.kv.byteLength();
  const fork = sequence.fork();
  expect(sequence.engine.backend.kv.byteLength()).toBe(before);
  expect([fork.compression, fork.history?.window]).toEqual([undefined, 2]);
  fork.truncate(3);
  expect([fork.cache.tokenCount, sequence.cache.tokenCount]).toEqual([3, 40]);
  fork.dispose();
  sequence.dispose();
  expect(sequence.engine.backend.kv.byteLength()).toBe(0);
});

test("the window is the longest look back", () => {
  const tap = { signal: "attention", part: "decoder", layer: "each" } as const;
  expect(windowOf({})).toBe(0);
  expect(windowOf({ a: tap })).toBe(0);
  expect(windowOf({ a: { ...tap, rows: "last" }, b: { ...tap, rows: { last: 8 } } })).toBe(8);
});
