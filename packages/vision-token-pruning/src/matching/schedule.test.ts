import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { budgetSchedule, parseR } from "./schedule.js";

describe("parseR", () => {
  test("spreads a number as the official one does", () => {
    expect(parseR(12, 13)).toEqual(new Array(12).fill(13));
    expect(parseR(12, 13, -1)).toEqual([26, 23, 21, 18, 16, 14, 11, 9, 7, 4, 2, 0]);
    expect(parseR(1, 5, 0.5)).toEqual([2]);
  });

  test("fills a list up with zeros", () => {
    expect(parseR(5, [3, 1])).toEqual([3, 1, 0, 0, 0]);
  });

  test("refuses what is no schedule", () => {
    expect(codeOf(() => parseR(2, [1, 2, 3]))).toBe("ArgumentError");
    expect(codeOf(() => parseR(2, [1, -2]))).toBe("ArgumentError");
    expect(codeOf(() => parseR(2, 1.5))).toBe("ArgumentError");
    expect(codeOf(() => parseR(2, 1, 2))).toBe("ArgumentError");
  });
});

describe("budgetSchedule", () => {
  test("is even while halving allows, and early where it does not", () => {
    expect(budgetSchedule(256, 196, 6)).toEqual([10, 10, 10, 10, 10, 10]);
    expect(budgetSchedule(256, 16, 6)).toEqual([40, 40, 48, 64, 32, 16]);
    expect(budgetSchedule(8, 8, 3)).toEqual([0, 0, 0]);
  });

  test("reaches the budget exactly, never by more than half a layer", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        (total, layers, n) => {
          const fewest = Math.ceil(total / 2 ** layers);
          const count = fewest + (n % (total - fewest + 1));
          let tokens = total;
          for (const r of budgetSchedule(total, count, layers)) {
            expect(r).toBeLessThanOrEqual(Math.floor(tokens / 2));
            expect(r).toBeGreaterThanOrEqual(0);
            tokens -= r;
          }
          expect(tokens).toBe(count);
        },
      ),
      { numRuns: 500 },
    );
  });
});
