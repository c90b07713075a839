import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gini } from "./gini.js";
import { normalizedSequenceLength } from "./normalized-length.js";

describe("gini", () => {
  test.each([
    [[1, 1, 1], 0],
    [[0, 0, 0, 4], 0.75],
    [[1, 3], 0.25],
    [[3, 1], 0.25],
    [[1, 2, 3, 4], 0.25],
    [[], 0],
    [[0, 0], 0],
  ])("of %j is %d", (values, expected) => {
    expect(gini(values)).toBeCloseTo(expected, 12);
  });

  test("is half the mean difference over the mean", () => {
    const values = fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, (list) => {
        const sum = list.reduce((a, b) => a + b, 0);
        fc.pre(sum > 0);
        const differences = list.flatMap((a) => list.map((b) => Math.abs(a - b)));
        const mean = differences.reduce((a, b) => a + b, 0) / (2 * list.length * sum);
        expect(gini(list)).toBeCloseTo(mean, 9);
      }),
    );
  });

  test("refuses a value below 0", () => {
    expect(() => gini([1, -2])).toThrow(/values\[1\]/);
  });
});

describe("normalizedSequenceLength", () => {
  test("adds up before it divides", () => {
    expect(normalizedSequenceLength([2, 3, 5], [4, 4, 8])).toBe(0.625);
    expect(normalizedSequenceLength([1, 9], [1, 1])).toBe(5);
  });

  test("refuses other texts, and a reference without tokens", () => {
    expect(() => normalizedSequenceLength([1], [1, 2])).toThrow(/reference must be of 1 texts/);
    expect(() => normalizedSequenceLength([1], [0])).toThrow(/reference's tokens must be above 0/);
  });
});
