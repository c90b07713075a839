import { floats } from "@frugal/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { kthBipartiteSoftMatching, randomBipartiteSoftMatching } from "./variants.js";

const LINE = floats([5, 2], Float32Array.of(1, 0, 0, 1, 1, 0.1, 0.1, 1, 9, 9));

describe("kthBipartiteSoftMatching", () => {
  test("merges the first of every group into the nearest last one, and prunes the rest", () => {
    const plan = kthBipartiteSoftMatching(LINE, 2);
    expect([...plan.rowOf]).toEqual([1, 0, 1, 1, -1]);
    expect([...plan.heads]).toEqual([1, 3]);
  });

  test("groups of one are the identity; groups beyond the tokens prune all", () => {
    expect([...kthBipartiteSoftMatching(LINE, 1).rowOf]).toEqual([0, 1, 2, 3, 4]);
    expect([...kthBipartiteSoftMatching(LINE, 9).rowOf]).toEqual([-1, -1, -1, -1, -1]);
    expect(codeOf(() => kthBipartiteSoftMatching(LINE, 0))).toBe("ArgumentError");
    expect(codeOf(() => kthBipartiteSoftMatching(LINE, 1.5))).toBe("ArgumentError");
  });
});

describe("randomBipartiteSoftMatching", () => {
  test("merges the tokens of least noise into the nearest others", () => {
    const plan = randomBipartiteSoftMatching(LINE, 2, [0.9, 0.1, 0.2, 0.5, 0.7]);
    expect([...plan.heads]).toEqual([3, 4, 0]);
    expect([...plan.rowOf]).toEqual([2, 0, 2, 0, 1]);
  });

  test("leaves T - r rows, each with a token", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 }),
        fc.nat(),
        (noise, n) => {
          const r = n % noise.length;
          const metric = floats(
            [noise.length, 1],
            Float32Array.from(noise, (v) => v - 0.5),
          );
          const plan = randomBipartiteSoftMatching(metric, r, noise);
          expect(plan.rowCount).toBe(noise.length - r);
          expect(new Set(plan.rowOf)).toEqual(
            new Set(Array.from({ length: plan.rowCount }).keys()),
          );
        },
      ),
    );
  });

  test("refuses counts and noise that do not fit", () => {
    expect(codeOf(() => randomBipartiteSoftMatching(LINE, 5, [1, 2, 3, 4, 5]))).toBe(
      "ArgumentError",
    );
    expect(codeOf(() => randomBipartiteSoftMatching(LINE, -1, [1, 2, 3, 4, 5]))).toBe(
      "ArgumentError",
    );
    expect(codeOf(() => randomBipartiteSoftMatching(LINE, 1, [1]))).toBe("ArgumentError");
  });
});
