import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitOptimalVocabularySize } from "./vocabulary-size.js";

const SIZES = [1000, 2000, 4000, 8000, 16000, 32000];
const on = (scale: number, exponent: number, floor: number) =>
  SIZES.map((vocabularySize) => ({
    vocabularySize,
    tokens: scale * vocabularySize ** -exponent + floor,
  }));

describe("fitOptimalVocabularySize", () => {
  test("finds the curve that the points lie on, and inverts it", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 2, noNaN: true }),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.integer({ min: 1500, max: 30000 }),
        (exponent, share, size) => {
          const floor = 5000;
          // What falls is at least a tenth of what stays, at the smallest size.
          const scale = floor * share * 1000 ** exponent;
          const fit = fitOptimalVocabularySize(
            on(scale, exponent, floor),
            scale * size ** -exponent + floor,
          );
          expect(fit.residual).toBeLessThan(1e-5);
          expect(fit.vocabularySize! / size).toBeCloseTo(1, 1);
          expect(fit.isExtrapolated).toBe(false);
        },
      ),
    );
    const fit = fitOptimalVocabularySize(on(3e6, 0.5, 20_000), 60_000);
    expect(fit.exponent).toBeCloseTo(0.5, 3);
    expect(fit.floor / 20_000).toBeCloseTo(1, 3);
    expect(fit.vocabularySize! / (3e6 / 40_000) ** 2).toBeCloseTo(1, 3);
  });

  test("a power without floor, with noise that would ask for one below 0", () => {
    const points = SIZES.map((vocabularySize, i) => ({
      vocabularySize,
      tokens: 1e6 * vocabularySize ** -0.3 * (i === 5 ? 0.97 : 1),
    }));
    const fit = fitOptimalVocabularySize(points, 1e6 * 3000 ** -0.3);
    expect(fit.floor).toBeGreaterThanOrEqual(0);
    expect(fit.vocabularySize! / 3000).toBeCloseTo(1, 1);
    expect(fit.residual).toBeGreaterThan(1e-4);
  });

  test("a target below the floor is reached by no size; one far off is extrapolated", () => {
    const points = on(3e6, 0.5, 20_000);
    expect(fitOptimalVocabularySize(points, 15_000)).toMatchObject({
      vocabularySize: null,
      isExtrapolated: true,
    });
    expect(fitOptimalVocabularySize(points, 21_000).isExtrapolated).toBe(true);
    expect(fitOptimalVocabularySize(points, 500_000).isExtrapolated).toBe(true);
  });

  test.each([
    [on(1e6, 0.5, 0).slice(0, 2), 100, /points must be of three sizes or more; got 2/],
    [[1, 1, 1].map((vocabularySize) => ({ vocabularySize, tokens: 5 })), 100, /got 1/],
    [
      SIZES.map((vocabularySize) => ({ vocabularySize, tokens: vocabularySize })),
      9,
      /fall as the size grows/,
    ],
    [[...on(1e6, 0.5, 0), { vocabularySize: 0, tokens: 1 }], 9, /vocabularySize must be above 0/],
    [[...on(1e6, 0.5, 0), { vocabularySize: 1, tokens: Number.NaN }], 9, /tokens must be above 0/],
    [on(1e6, 0.5, 0), -1, /targetTokens must be above 0/],
  ])("refuses %j for %d", (points, target, message) => {
    expect(() => fitOptimalVocabularySize(points, target)).toThrow(message);
  });
});
