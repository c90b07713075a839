import fc from "fast-check";
import { expect, test } from "vitest";
import { filled } from "../../test/filled.js";
import { apportion } from "../policy/apportion.js";
import { uniform } from "./uniform.js";

const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0);

test("gives every head the same, one more to the first ones where it does not divide", () => {
  const { cache } = filled(10);
  const allocate = (totalSlots: number) => [
    ...uniform().allocate({ totalSlots, cache, scores: () => expect.fail("scores are not read") }),
  ];
  expect(allocate(20)).toEqual([5, 5, 5, 5]);
  expect(allocate(22)).toEqual([6, 6, 5, 5]);
  expect(allocate(90)).toEqual([10, 10, 10, 10]);
});

test("apportion: exact, within bounds, larger weights get no less", () => {
  const head = fc.record({
    weight: fc.nat(400).map((eighths) => eighths / 8),
    lower: fc.nat(10),
    more: fc.nat(40),
  });
  fc.assert(
    fc.property(fc.array(head, { minLength: 1, maxLength: 12 }), fc.nat(500), (heads, total) => {
      const lower = Uint32Array.from(heads, (h) => h.lower);
      const upper = Uint32Array.from(heads, (h) => h.lower + h.more);
      const weights = heads.map((h) => h.weight);
      const counts = apportion(total, weights, lower, upper);
      expect(sum(counts)).toBe(Math.min(sum(upper), Math.max(sum(lower), total)));
      counts.forEach((count, i) => {
        expect(count).toBeGreaterThanOrEqual(lower[i]!);
        expect(count).toBeLessThanOrEqual(upper[i]!);
        counts.forEach((other, j) => {
          const isFree = count < upper[i]! && other > lower[j]!;
          if (isFree && weights[i]! > weights[j]!) expect(count).toBeGreaterThanOrEqual(other - 1);
        });
      });
    }),
  );
});

test("apportion stays exact with weights far apart, and shares what weights of 0 leave", () => {
  const upper = [9, 9, 9];
  expect([...apportion(11, [1e-320, 0, 1e300], [0, 0, 0], upper)]).toEqual([1, 1, 9]);
  expect([...apportion(5, [0, 0, 0], [0, 2, 0], upper)]).toEqual([1, 3, 1]);
  expect([...apportion(20, [1e-200, 1e-200, 1], [0, 0, 0], upper)]).toEqual([6, 5, 9]);
});

test("apportion refuses weights, bounds and totals that are none", () => {
  expect(() => apportion(1, [Number.NaN], [0], [1])).toThrow("weights[0]");
  expect(() => apportion(1, [-1], [0], [1])).toThrow("weights[0]");
  expect(() => apportion(1, [1], [2], [1])).toThrow("lower[0]");
  expect(() => apportion(-1, [1], [0], [1])).toThrow("total");
});
