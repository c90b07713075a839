import { createRandom, floats } from "@frugal/tensor";
import { expect, test } from "vitest";
import { filled } from "../../test/filled.js";
import { streamingLlm } from "../scorers/streaming-llm.js";
import type { Cache, Scorer } from "../types.js";
import { compress } from "./compress.js";
import { openCompression } from "./compression.js";

const kept = (cache: Cache, layer = 0, head = 0): number[] => [...cache.positions(layer, head)];
const random = createRandom(1);

test("keeps sinks and the newest up to the budget, in every layer and head", async () => {
  const { cache } = filled(50);
  const policy = compress({ scorer: streamingLlm({ sinks: 2 }), budget: { tokens: 10 } });
  const compression = openCompression(policy, { cache, random });
  const report = await compression.run("prefillEnd");
  expect(report).toMatchObject({ boundary: "prefillEnd", kept: 40, evicted: 160 });
  expect(report.bytesBefore).toBe(2 * report.bytesAfter); // two pages a head, then one
  for (const layer of [0, 1]) {
    for (const head of [0, 1]) {
      expect(kept(cache, layer, head)).toEqual([0, 1, 42, 43, 44, 45, 46, 47, 48, 49]);
    }
    expect(cache.nextPosition(layer)).toBe(50);
  }
});

test("does nothing while the budget allows everything", async () => {
  const { cache } = filled(10);
  const before = cache.runs(0)[0]![0];
  for (const budget of [{ tokens: 10 }, { tokens: 11 }, { keepRatio: 1 }, { bytes: 2 ** 30 }]) {
    const policy = compress({ scorer: streamingLlm(), budget });
    const report = await openCompression(policy, { cache, random }).run("prefillEnd");
    expect(report).toMatchObject({ kept: 40, evicted: 0 });
  }
  expect(cache.runs(0)[0]![0]).toBe(before);
});

test("a ratio follows the tokens so far, and is due only where it evicts", async () => {
  const { cache, grow } = filled(20);
  const policy = compress({ scorer: streamingLlm({ sinks: 0 }), budget: { keepRatio: 0.5 } });
  const compression = openCompression(policy, { cache, random });
  expect(compression.isDue()).toBe(true);
  await compression.run("prefillEnd");
  expect(cache.length(0, 0)).toBe(10);
  expect(compression.isDue()).toBe(false);
  grow(16);
  await compression.run("interval");
  expect(cache.length(0, 0)).toBe(18);
});

test("a ratio of 1 evicts nothing, however long the text grows", async () => {
  const { cache, grow } = filled(20);
  const policy = compress({ scorer: streamingLlm(), budget: { keepRatio: 1 } });
  const compression = openCompression(policy, { cache, random });
  await compression.run("prefillEnd");
  grow(100);
  expect(compression.isDue()).toBe(false);
  expect(await compression.run("interval")).toMatchObject({ kept: 480, evicted: 0 });
});

test("a number of tokens is resolved once and survives a checkpoint", async () => {
  const { cache, grow } = filled(20);
  const policy = compress({ scorer: streamingLlm({ sinks: 0 }), budget: { tokens: 10 } });
  const compression = openCompression(policy, { cache, random });
  await compression.run("prefillEnd");
  const saved = compression.checkpoint();
  const again = openCompression(policy, { cache, random });
  again.restore(saved);
  grow(40);
  await again.run("turnEnd");
  expect(cache.length(1, 1)).toBe(10);
});

test("protected slots stay even where they are more than the budget", async () => {
  const { cache } = filled(40);
  cache.pin(20, 23);
  const scorer = streamingLlm({ sinks: 2 });
  const policy = compress({ scorer, budget: { tokens: 0 }, sinks: 1, recent: 4 });
  await openCompression(policy, { cache, random }).run("prefillEnd");
  expect(kept(cache)).toEqual([0, 1, 20, 21, 22, 36, 37, 38, 39]);
});

test("bytes are whole pages: the cache is never larger than the budget", async () => {
  const { cache } = filled(200);
  const pageBytes = cache.byteLength() / (4 * Math.ceil(200 / 32));
  const bytes = 4 * 2 * pageBytes + pageBytes;
  const policy = compress({ scorer: streamingLlm(), budget: { bytes } });
  const report = await openCompression(policy, { cache, random }).run("prefillEnd");
  expect(report.bytesAfter).toBe(4 * 2 * pageBytes);
  expect(cache.length(0, 0)).toBe(64);
});

test("a plug-in that fails leaves every layer as it was", async () => {
  const { cache } = filled(10);
  const reducer = {
    name: "late",
    reduce: ({ layer }: { layer: number }) => {
      if (layer === 1) throw new RangeError("late");
      return { keysFrom: none, valuesFrom: none, positions: new Int32Array(0), logWeights: null };
    },
  };
  const none = {
    rowCount: 0,
    sourceCount: 10,
    starts: new Uint32Array(1),
    sources: new Uint32Array(0),
    weights: new Float32Array(0),
  };
  const policy = compress({ scorer: streamingLlm(), budget: { tokens: 5 }, reducer });
  await expect(openCompression(policy, { cache, random }).run("prefillEnd")).rejects.toThrow(
    "late",
  );
  expect(cache.length(0, 0)).toBe(10);
});

test("scores and counts of the wrong shape are refused", async () => {
  const { cache } = filled(10);
  const flat: Scorer = {
    name: "flat",
    granularity: "kvHead",
    needs: () => ({}),
    open: () => ({ scores: () => floats([1, 10]) }),
  };
  const run = (policy: Parameters<typeof compress>[0]) =>
    openCompression(compress(policy), { cache, random }).run("prefillEnd");
  await expect(run({ scorer: flat, budget: { tokens: 5 } })).rejects.toThrow("flat.scores");
  const scorer = streamingLlm();
  const allocator = { name: "greedy", allocate: () => Uint32Array.of(11, 5, 5, 5) };
  await expect(run({ scorer, allocator, budget: { tokens: 5 } })).rejects.toThrow("counts[0]");
  const short = { name: "short", allocate: () => Uint32Array.of(5) };
  await expect(run({ scorer, allocator: short, budget: { tokens: 5 } })).rejects.toThrow("short");
});

test("compress refuses what cannot work", () => {
  const scorer = streamingLlm();
  const budget = { tokens: 5 };
  expect(compress({ scorer, budget }).interval).toBe(16);
  expect(() => compress({ scorer, budget: { tokens: -1 } })).toThrow("tokens");
  expect(() => compress({ scorer, budget, interval: 0 })).toThrow("interval");
  expect(() => compress({ scorer, budget, sinks: 0.5 })).toThrow("sinks");
  expect(() => compress({ scorer, budget, positions: "moved" as never })).toThrow("positions");
  expect(() => compress({ scorer: "h2o" as never, budget })).toThrow("scorer");
  expect(() => compress({ scorer: { ...scorer, granularity: "queryHead" }, budget })).toThrow(
    "query heads",
  );
});
