import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixedLengthBits, unigramTokenCrossEntropy } from "./code-length.js";
import { renyiEfficiency, renyiEntropy, shannonEfficiency, shannonEntropy } from "./entropy.js";
import { percentileFrequency } from "./percentile-frequency.js";
import { tokenFrequencies } from "./token-frequencies.js";

const COUNTS = [8, 4, 2, 1, 1];

test("tokens are counted by kind", () => {
  expect([...tokenFrequencies("a b a c a b".split(" "))]).toEqual([3, 2, 1]);
  expect([...tokenFrequencies([7, 7, 9])]).toEqual([2, 1]);
  expect([...tokenFrequencies([])]).toEqual([]);
});

describe("entropy", () => {
  test.each([
    [1, 1.875, 0.807519],
    [2.5, 1.476142, 0.63574],
    [3, 1.402622, 0.604076],
  ])("of 8, 4, 2, 1, 1 at alpha %d is %d bits, efficiency %d", (alpha, bits, efficiency) => {
    expect(renyiEntropy(COUNTS, { alpha })).toBeCloseTo(bits, 6);
    expect(renyiEfficiency(COUNTS, { alpha })).toBeCloseTo(efficiency, 6);
  });

  test("of .5, .25, .25", () => {
    const shares = [0.5, 0.25, 0.25];
    expect(renyiEfficiency(shares, { alpha: 2.5 })).toBeCloseTo(0.867843, 6);
    expect(renyiEfficiency(shares, { alpha: 3 })).toBeCloseTo(0.844838, 6);
    expect(shannonEfficiency(shares)).toBeCloseTo(0.946395, 6);
    expect(renyiEfficiency(shares)).toBe(renyiEfficiency(shares, { alpha: 2.5 }));
  });

  test("a vocabulary larger than the types lowers the efficiency", () => {
    expect(shannonEfficiency(COUNTS, { vocabularySize: 1024 })).toBeCloseTo(0.1875, 12);
    expect(renyiEfficiency(COUNTS, { alpha: 3, vocabularySize: 4 })).toBeCloseTo(1.402622 / 2, 6);
  });

  test("one type, or none, is 0 and no NaN", () => {
    for (const counts of [[5], [0, 5, 0], [], [0]]) {
      for (const alpha of [0, 0.5, 1, 2.5, Infinity]) {
        expect(renyiEntropy(counts, { alpha })).toBe(0);
        expect(renyiEfficiency(counts, { alpha })).toBe(0);
      }
    }
    expect(renyiEfficiency(COUNTS, { vocabularySize: 1 })).toBe(0);
  });

  test("the ends of alpha: how many types, and the most frequent alone", () => {
    expect(renyiEntropy(COUNTS, { alpha: 0 })).toBeCloseTo(Math.log2(5), 12);
    expect(renyiEntropy(COUNTS, { alpha: Infinity })).toBeCloseTo(1, 12);
    expect(renyiEntropy(COUNTS, { alpha: 1e6 })).toBeCloseTo(1, 5);
    expect(renyiEntropy([1e6, 1], { alpha: 5000 })).toBeGreaterThan(0);
  });

  const frequencies = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 40 });

  test("is even for a uniform text, falls with alpha, and is smooth at 1", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 99 }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (types, alpha) => {
          expect(renyiEfficiency(Array(types).fill(3), { alpha })).toBeCloseTo(1, 9);
        },
      ),
    );
    fc.assert(
      fc.property(frequencies, fc.double({ min: 0, max: 9, noNaN: true }), (counts, alpha) => {
        const lower = renyiEntropy(counts, { alpha });
        expect(renyiEntropy(counts, { alpha: alpha + 0.5 })).toBeLessThanOrEqual(lower + 1e-9);
        expect(lower).toBeLessThanOrEqual(Math.log2(counts.length) + 1e-9);
      }),
    );
    fc.assert(
      fc.property(frequencies, (counts) => {
        const shannon = shannonEntropy(counts);
        for (const near of [1e-14, 1e-9, 1e-5]) {
          expect(renyiEntropy(counts, { alpha: 1 + near })).toBeCloseTo(shannon, 3);
          expect(Math.abs(renyiEntropy(counts, { alpha: 1 - near }) - shannon)).toBeLessThan(
            1e4 * near + 1e-12,
          );
        }
        const at = (alpha: number) => renyiEntropy(counts, { alpha });
        expect(at(1.01 - 1e-9)).toBeCloseTo(at(1.01 + 1e-9), 6);
      }),
    );
  });

  test.each([
    [() => renyiEntropy([1, -1]), /frequencies\[1\] must be a number of 0 or more; got -1/],
    [() => renyiEntropy([1, Number.NaN]), /frequencies\[1\]/],
    [() => renyiEntropy([1, Infinity]), /frequencies\[1\]/],
    [() => renyiEntropy(COUNTS, { alpha: Number.NaN }), /alpha must be a number/],
    [() => renyiEfficiency(COUNTS, { vocabularySize: -3 }), /vocabularySize must be a count/],
    [() => renyiEfficiency(COUNTS, { vocabularySize: Number.NaN }), /vocabularySize/],
  ])("refuses %s", (call, message) => {
    expect(call).toThrow(message);
  });
});

describe("percentileFrequency", () => {
  test("adds the ranks between both quantiles, the last one left out", () => {
    const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(percentileFrequency(ten)).toBeCloseTo((10 + 9 + 8 + 7 + 6 + 5 + 4 + 3) / 55, 12);
    expect(percentileFrequency(ten, { start: 0.1, end: 0.3 })).toBeCloseTo((9 + 8) / 55, 12);
    expect(percentileFrequency([0, ...ten], { start: 0, end: 1 })).toBeCloseTo(54 / 55, 12);
  });

  test("a range without ranks takes one more", () => {
    expect(percentileFrequency([5, 3, 2], { start: 0.5, end: 0.5 })).toBeCloseTo(0.5, 12);
    expect(percentileFrequency([5, 3, 2], { start: 0, end: 0 })).toBeCloseTo(0.5, 12);
    expect(percentileFrequency([5])).toBe(0);
    expect(percentileFrequency([])).toBe(0);
  });

  test("refuses quantiles that are none or cross", () => {
    expect(() => percentileFrequency([1], { end: 2 })).toThrow(/end must be within 0\.\.1/);
    expect(() => percentileFrequency([1], { start: 0.9 })).toThrow(/start must be at most end/);
    expect(() => percentileFrequency([1], { start: Number.NaN })).toThrow(/start/);
  });
});

describe("code lengths", () => {
  test("a fixed length takes log2 of the types a token", () => {
    expect(fixedLengthBits([2, 1, 1, 4])).toBe(16);
    expect(fixedLengthBits([7])).toBe(0);
    expect(fixedLengthBits([])).toBe(0);
  });

  test("longer blocks of a chain that flips with probability .1 come to its entropy rate", () => {
    const expected = new Map([
      [1, 1],
      [2, 0.734498],
      [4, 0.601747],
      [8, 0.535371],
      [16, 0.502183],
    ]);
    for (const [length, bits] of expected) {
      const blocks = Float64Array.from({ length: 2 ** length }, (_, block) => {
        let probability = 0.5;
        for (let i = 1; i < length; i++)
          probability *= ((block >> i) & 1) === ((block >> (i - 1)) & 1) ? 0.9 : 0.1;
        return probability;
      });
      // A share of one block, of `length` symbols.
      expect(unigramTokenCrossEntropy(blocks, length)).toBeCloseTo(bits, 6);
    }
  });

  test("needs bytes", () => {
    expect(() => unigramTokenCrossEntropy([1], 0)).toThrow(/byteLength must be above 0/);
  });
});
