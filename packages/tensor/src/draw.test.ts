import fc from "fast-check";
import { expect, test } from "vitest";
import { draw } from "./draw.js";

test("the first index whose cumulative sum exceeds u", () => {
  const law = [0.25, 0, 0.5, 0.25];
  expect(draw(law, 0)).toBe(0);
  expect(draw(law, 0.2499)).toBe(0);
  expect(draw(law, 0.25)).toBe(2);
  expect(draw(law, 0.7499)).toBe(2);
  expect(draw(law, 0.75)).toBe(3);
  expect(draw([0, 0, 3, 0], 0)).toBe(2);
});

test("rounding that leaves none gives the last index with mass", () => {
  const law = new Float64Array(12).fill(0.1);
  law.fill(0, 10);
  expect(draw(law, 1 - 2 ** -53)).toBe(9);
});

test("never an index without mass, and scale does not matter", () => {
  const masses = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(masses, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (law, u) => {
      fc.pre(law.some((mass) => mass > 0));
      const index = draw(law, u);
      expect(law[index]).toBeGreaterThan(0);
      expect(
        draw(
          law.map((mass) => 4 * mass),
          u,
        ),
      ).toBe(index);
    }),
  );
});

test.each([
  [[1], 1, "u"],
  [[1], -0.1, "u"],
  [[1], Number.NaN, "u"],
  [[1, -1], 0.5, "law[1]"],
  [[1, Number.NaN], 0.5, "law[1]"],
  [[0, 0], 0.5, "the sum"],
  [[], 0.5, "the sum"],
  [[1, Infinity], 0.5, "the sum"],
])("%o at %d is refused", (law, u, name) => {
  expect(() => draw(law, u)).toThrow(name);
});
