import { createRandom, type Floats, FrugalError, floats } from "@frugal/tensor";
import { expect, test } from "vitest";
import { filled, plainLayout } from "../../test/filled.js";
import { compress } from "../policy/compress.js";
import { openCompression } from "../policy/compression.js";
import { pooled, type SnapKvOptions, snapKv } from "./snapkv.js";

const ROWS = [
  [0.1, 0.5, 0.05, 0.05, 0.1, 0.1, 0.1, 0],
  [0.2, 0.3, 0.1, 0.1, 0.05, 0.05, 0.1, 0.1],
];

/** [1, 2, 8]: the two window rows of the method card. */
const attention = floats([1, 2, 8], Float32Array.from(ROWS.flat()));

async function scoresOf(options: SnapKvOptions, signal: Floats = attention, kvHeads = 1) {
  const { cache } = filled(signal.dims[2]!, { layout: plainLayout(1, kvHeads) });
  const session = snapKv(options).open(cache.layout, createRandom(1));
  session.observe!(0, { attention: signal }, 0, 2);
  return session.scores(0, cache);
}

const near = (actual: ArrayLike<number>, expected: readonly number[]) =>
  expected.forEach((x, i) => {
    expect(actual[i]).toBeCloseTo(x, 6);
  });

test("sums the rows, pools past columns by average over the whole kernel, or by maximum", async () => {
  const plain = await scoresOf({ window: 2, kernel: 1, rows: "sum" });
  near(plain.data, [0.3, 0.8, 0.15, 0.15, 0.15, 0.15]);
  const average = await scoresOf({ window: 2, kernel: 3, rows: "sum" });
  near(average.data, [1.1 / 3, 1.25 / 3, 1.1 / 3, 0.15, 0.15, 0.1]);
  const max = await scoresOf({ window: 2, kernel: 3, rows: "sum", pooling: "max" });
  near(max.data, [0.8, 0.8, 0.8, 0.15, 0.15, 0.15]);
  const mean = await scoresOf({ window: 2, kernel: 1 });
  near(mean.data, [0.15, 0.4, 0.075, 0.075, 0.075, 0.075]);
});

test("the window's own slots score above the best", async () => {
  const { data } = await scoresOf({ window: 2 });
  const best = Math.max(...data.subarray(0, 6));
  expect([...data.subarray(6)]).toEqual([Math.fround(best + 1), Math.fround(best + 1)]);
});

test("a group's heads are pooled first, then averaged or the largest taken", async () => {
  const two = floats([2, 1, 4], Float32Array.of(0.6, 0, 0.2, 0.2, 0, 0.4, 0.2, 0.4));
  const options = { window: 1, kernel: 3, pooling: "max" } as const;
  near((await scoresOf(options, two)).data, [0.5, 0.5, 0.3]);
  near((await scoresOf({ ...options, groupReduce: "max" }, two)).data, [0.6, 0.6, 0.4]);
});

test("query head h belongs to kv head floor(h / group)", async () => {
  const four = floats([4, 1, 3], Float32Array.of(1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0));
  const { data } = await scoresOf({ window: 1, kernel: 1 }, four, 2);
  near(data.subarray(0, 2), [1, 0]);
  near(data.subarray(3, 5), [0, 1]);
});

test("pooled reaches past neither end and leaves a kernel of 1 alone", () => {
  expect([...pooled([1, 2, 3], 1, "average")]).toEqual([1, 2, 3]);
  expect([...pooled([1, 2, 3], 5, "max")]).toEqual([3, 3, 3]);
  expect([...pooled([], 5, "average")]).toEqual([]);
});

test("with eviction the window stays and equal scores go to the lower slots", async () => {
  const { cache } = filled(8, { layout: plainLayout(1, 1) });
  const scorer = snapKv({ window: 2, kernel: 3, pooling: "max" });
  const policy = compress({ scorer, budget: { tokens: 5 } });
  const compression = openCompression(policy, { cache, random: createRandom(1) });
  await compression.observe(0, { attention }, 6, 2);
  await compression.run("prefillEnd");
  expect([...cache.positions(0, 0)]).toEqual([0, 1, 2, 6, 7]);
});

test("a prompt shorter than the window is left alone", async () => {
  const { data } = await scoresOf({ window: 32 });
  expect(new Set(data).size).toBe(1);
});

test("refuses options out of range, other signals, and scores of nothing", async () => {
  for (const options of [{ window: 0 }, { kernel: 2 }, { pooling: "mean" as never }]) {
    expect(() => snapKv(options)).toThrow("snapKv");
  }
  const { cache } = filled(8, { layout: plainLayout(1, 1) });
  const session = snapKv().open(cache.layout, createRandom(1));
  const code = (run: () => unknown) => {
    try {
      return run();
    } catch (error) {
      return FrugalError.is(error) && error.code;
    }
  };
  expect(code(() => session.scores(0, cache))).toBe("StateError");
  expect(code(() => session.observe!(0, { attention: floats([2, 8]) }, 0, 1))).toBe("ShapeError");
  session.observe!(0, { attention: floats([1, 2, 9]) }, 0, 1);
  expect(code(() => session.scores(0, cache))).toBe("ShapeError");
});
