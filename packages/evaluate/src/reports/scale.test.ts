import fc from "fast-check";
import { expect, test } from "vitest";
import { linearScale, ticksOf } from "./scale.js";

test("ticks are round and inside", () => {
  const scale = linearScale([0, 265], [0, 100]);
  expect(ticksOf(scale)).toEqual([0, 100, 200]);
  expect(scale.place(0)).toBe(0);
});

test("ticks stay inside for any values", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 9 }),
      (values) => {
        const scale = linearScale(values, [10, 20]);
        const ticks = ticksOf(scale);
        expect(scale.high).toBeGreaterThan(scale.low);
        expect(ticks.length).toBeLessThan(12);
        for (const tick of ticks) {
          expect(scale.place(tick)).toBeGreaterThanOrEqual(10 - 1e-6);
          expect(scale.place(tick)).toBeLessThanOrEqual(20 + 1e-6);
        }
      },
    ),
  );
});
