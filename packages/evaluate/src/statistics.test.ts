import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mean, meanInterval, signTest, wilsonInterval } from "./statistics.js";

describe("wilsonInterval", () => {
  test("gives the published interval of 256 right answers in 256", () => {
    const [low, high] = wilsonInterval(256, 256);
    expect(low).toBeCloseTo(0.9852, 4);
    expect(high).toBeCloseTo(1, 4);
  });

  test("gives the published interval of 224 in 246", () => {
    expect(wilsonInterval(224, 246).map((end) => Number(end.toFixed(4)))).toEqual([0.8683, 0.9402]);
  });

  test("says nothing without samples", () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });

  test("holds the share and stays in 0..1", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(5000), (samples, some) => {
        const right = some % (samples + 1);
        const [low, high] = wilsonInterval(right, samples);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(right / samples + 1e-12);
        expect(high).toBeGreaterThanOrEqual(right / samples - 1e-12);
      }),
    );
  });

  test.each([
    [2, 1],
    [-1, 4],
    [1.5, 4],
    [Number.NaN, 4],
    [1, Number.POSITIVE_INFINITY],
  ])("refuses %s of %s", (right, samples) => {
    expect(() => wilsonInterval(right, samples)).toThrow(/wilsonInterval/);
  });
});

describe("signTest", () => {
  test.each([
    [0, 5, 0.0625],
    [5, 0, 0.0625],
    [0, 6, 0.03125],
    [1, 9, 0.021484375],
    [3, 3, 1],
    [0, 0, 1],
  ])("%s to %s has chance %s", (wins, losses, chance) => {
    expect(signTest(wins, losses)).toBeCloseTo(chance, 12);
  });

  test("does not sink to 0 or rise above 1 with many pairs", () => {
    expect(signTest(2000, 2000)).toBe(1);
    expect(signTest(1900, 2100)).toBeCloseTo(0.001647, 4);
    expect(signTest(0, 1000)).toBeGreaterThan(0);
  });

  test("is symmetric and a chance", () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (a, b) => {
        const p = signTest(a, b);
        expect(p).toBeCloseTo(signTest(b, a), 12);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("refuses what is no count", () => {
    expect(() => signTest(-1, 2)).toThrow(/wins must be a count/);
  });
});

describe("meanInterval", () => {
  test("is normal around the mean", () => {
    const [low, high] = meanInterval([1, 2, 3, 4]);
    const half = (1.96 * Math.sqrt(5 / 3)) / 2;
    expect(low).toBeCloseTo(2.5 - half, 12);
    expect(high).toBeCloseTo(2.5 + half, 12);
  });

  test("of one value is unbounded", () => {
    expect(meanInterval([3])).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(mean([])).toBeNaN();
  });
});
