import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { argmax, resolveBudget, roundHalfEven, topkIndices, topkOrder } from "./selection.js";

const score = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0.5),
);

/** The rule, written the slow way. */
function ranked(scores: readonly number[]): number[] {
  return scores
    .map((_, i) => i)
    .sort((i, j) => {
      const a = scores[i]!;
      const b = scores[j]!;
      if (Number.isNaN(a) || Number.isNaN(b)) {
        return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || i - j;
      }
      return a === b ? i - j : a > b ? -1 : 1;
    });
}

describe("topk and argmax", () => {
  test("ties go to the lowest index, NaN ranks below -Infinity", () => {
    expect([...topkIndices([1, 2, 2, 1], 3)]).toEqual([0, 1, 2]);
    expect([...topkOrder([1, 2, 2, 1], 3)]).toEqual([1, 2, 0]);
    expect([...topkOrder([Number.NaN, -Infinity, Number.NaN], 3)]).toEqual([1, 0, 2]);
    expect(argmax([Number.NaN, -Infinity])).toBe(1);
    expect(argmax([Number.NaN, Number.NaN])).toBe(0);
    expect(argmax([-0, 0])).toBe(0);
  });

  test("agree with a full sort", () => {
    fc.assert(
      fc.property(fc.array(score, { maxLength: 60 }), fc.nat(), (scores, seed) => {
        const k = scores.length === 0 ? 0 : seed % (scores.length + 1);
        const best = ranked(scores).slice(0, k);
        expect([...topkOrder(scores, k)]).toEqual(best);
        expect([...topkIndices(scores, k)]).toEqual(best.sort((a, b) => a - b));
        if (scores.length > 0) expect(argmax(scores)).toBe(ranked(scores)[0]);
      }),
      { numRuns: 500 },
    );
  });

  test("a count that does not fit is refused", () => {
    for (const k of [-1, 4, 0.5, Number.NaN]) {
      expect(() => topkIndices([1, 2, 3], k)).toThrow("k must be an integer of 0..3");
      expect(() => topkOrder([1, 2, 3], k)).toThrow("k must be an integer of 0..3");
    }
    expect(() => argmax([])).toThrow("at least one number");
  });
});

describe("resolveBudget", () => {
  test("tokens, ratios and bytes", () => {
    expect(resolveBudget(10, { tokens: 4 })).toBe(4);
    expect(resolveBudget(10, { tokens: 40 })).toBe(10);
    expect(resolveBudget(10, { tokens: 0 })).toBe(0);
    expect(resolveBudget(10, { keepRatio: 0.25 })).toBe(2);
    expect(resolveBudget(10, { keepRatio: 0.35 })).toBe(4);
    expect(resolveBudget(10, { keepRatio: 0.001 })).toBe(1);
    expect(resolveBudget(10, { keepRatio: 0 })).toBe(0);
    expect(resolveBudget(10, { keepRatio: 1 })).toBe(10);
    expect(resolveBudget(0, { keepRatio: 0.5 })).toBe(0);
    expect(resolveBudget(10, { bytes: 1000 }, 300)).toBe(3);
    expect(resolveBudget(10, { bytes: 1e9 }, 300)).toBe(10);
    expect(resolveBudget(10, { bytes: 0 }, 300)).toBe(0);
  });

  test("grows with the ratio", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (n, ratio) => {
        const budget = resolveBudget(n, { keepRatio: ratio });
        expect(budget >= 0 && budget <= n).toBe(true);
        expect(budget).toBeGreaterThanOrEqual(resolveBudget(n, { keepRatio: ratio / 2 }));
      }),
    );
  });

  test.each([
    [{ tokens: -1 }, "tokens"],
    [{ tokens: 1.5 }, "tokens"],
    [{ tokens: Number.NaN }, "tokens"],
    [{ tokens: "3" }, "tokens"],
    [{ keepRatio: 1.5 }, "keepRatio"],
    [{ keepRatio: -0.1 }, "keepRatio"],
    [{ keepRatio: Number.NaN }, "keepRatio"],
    [{ bytes: 0.5 }, "bytes"],
    [{ bytes: 10 }, "budget"],
    [{}, "budget"],
    [null, "budget"],
    [{ tokens: 1, keepRatio: 1 }, "budget"],
    [{ slots: 3 }, "budget"],
  ])("%o is refused by name", (budget, argument) => {
    expect(() => resolveBudget(10, budget as never)).toThrow(
      expect.objectContaining({ code: "ArgumentError", argument }),
    );
  });

  test("a total that is no count is refused", () => {
    expect(() => resolveBudget(-1, { tokens: 1 })).toThrow("total");
  });
});

test("roundHalfEven", () => {
  const cases = [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, 2.4, -2.6];
  expect(cases.map(roundHalfEven).map((x) => x + 0)).toEqual([0, 2, 2, 0, -2, -2, 0, 2, -3]);
});
