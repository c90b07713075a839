import fc from "fast-check";
import { expect, test } from "vitest";
import { lossOfRows } from "./loss.js";

test("even logits cost the logarithm of the vocabulary", () => {
  expect(lossOfRows(new Float32Array(12), Uint32Array.of(0, 3, 1))).toBeCloseTo(
    3 * Math.log(4),
    12,
  );
});

test("is the sum of negative log probabilities, however large the logits", () => {
  const logits = Float32Array.of(1000, 1000 + Math.log(3), -1000, 0);
  const first = -Math.log(1 / 4);
  expect(lossOfRows(logits.subarray(0, 2), Uint32Array.of(0))).toBeCloseTo(first, 4);
  expect(lossOfRows(Float32Array.of(0, -2000), Uint32Array.of(1))).toBe(2000);
});

test("is never below 0", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 9 }),
      (row) => {
        expect(
          lossOfRows(Float32Array.from(row), Uint32Array.of(row.length - 1)),
        ).toBeGreaterThanOrEqual(-1e-6);
      },
    ),
  );
});

test("refuses logits that are not one row a target", () => {
  expect(() => lossOfRows(new Float32Array(7), Uint32Array.of(1, 2))).toThrow(/lossOfRows/);
  expect(() => lossOfRows(new Float32Array(0), Uint32Array.of(1))).toThrow(/lossOfRows/);
});
