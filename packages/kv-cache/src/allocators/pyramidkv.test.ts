import fc from "fast-check";
import { expect, test } from "vitest";
import { filled, plainLayout } from "../../test/filled.js";
import { pyramidBudgets, pyramidKv } from "./pyramidkv.js";

const sum = (counts: ArrayLike<number>) =>
  Array.from(counts).reduce((total, count) => total + count, 0);

test("the authors' integers, which overspend, and ours, which do not", () => {
  const card = { layers: 4, window: 8, capacity: 72, length: 1000 };
  const official = pyramidBudgets({ ...card, parity: "official" });
  expect(official).toEqual([133, 93, 53, 13]);
  const exact = pyramidBudgets(card);
  expect(exact).toEqual([133, 92, 52, 11]);
  expect(sum(exact)).toBe(4 * 72);
  const long = { layers: 32, window: 64, capacity: 320, length: 4096 };
  expect(sum(pyramidBudgets({ ...long, parity: "official" }))).toBe(8560 + 32 * 64);
  expect(sum(pyramidBudgets(long))).toBe(32 * 320);
});

test("kvpress rounds layer by layer, and gives all layers the same where the last would lose its window", () => {
  const card = { layers: 4, length: 1000, parity: "real-step" } as const;
  expect(pyramidBudgets({ ...card, window: 2, capacity: 102 })).toEqual([195, 132, 68, 5]);
  expect(pyramidBudgets({ ...card, window: 8, capacity: 108 })).toEqual([100, 100, 100, 100]);
});

test("sums are exact and layers never grow downwards", () => {
  const cases = fc.record({
    layers: fc.integer({ min: 1, max: 12 }),
    window: fc.nat(10),
    length: fc.integer({ min: 1, max: 300 }),
    beta: fc.double({ min: 1, max: 40, noNaN: true }),
    capacity: fc.integer({ min: 10, max: 300 }),
  });
  fc.assert(
    fc.property(cases, (options) => {
      const budgets = pyramidBudgets(options);
      const { layers, length, capacity } = options;
      expect(sum(budgets)).toBe(layers * Math.min(length, capacity));
      budgets.forEach((budget, layer) => {
        if (layer > 0) expect(budget).toBeLessThanOrEqual(budgets[layer - 1]!);
      });
    }),
  );
});

test("allocates to heads of layers, the same in a layer up to one slot", () => {
  const { cache } = filled(100, { layout: plainLayout(3, 2) });
  cache.protect({ sinks: 0, recent: 4 });
  const request = { totalSlots: 6 * 24, cache, scores: () => expect.fail("scores are not read") };
  const counts = pyramidKv({ beta: 4 }).allocate(request);
  expect([...counts]).toEqual([39, 39, 24, 24, 9, 9]);
  const kvpress = pyramidKv({ beta: 4, parity: "real-step", keepRatio: 0.2 }).allocate(request);
  expect([...kvpress]).toEqual([35, 35, 20, 20, 5, 5]);
});

test("one layer gets everything; a short prompt is left alone", () => {
  expect(pyramidBudgets({ layers: 1, window: 4, capacity: 20, length: 90 })).toEqual([20]);
  expect(pyramidBudgets({ layers: 2, window: 4, capacity: 20, length: 9 })).toEqual([9, 9]);
});

test("refuses options out of range", () => {
  expect(() => pyramidKv({ beta: 0.5 })).toThrow("beta");
  expect(() => pyramidKv({ parity: "real-step" })).toThrow("keepRatio");
  const card = { layers: 4, window: 8, capacity: 72, length: 1000 };
  expect(() => pyramidBudgets({ ...card, layers: 0 })).toThrow("layers");
  expect(() => pyramidBudgets({ ...card, capacity: Number.NaN })).toThrow("capacity");
});
