import fc from "fast-check";
import { expect, test } from "vitest";
import { pick, random, shuffle } from "./random.js";

test("draws are those of mulberry32", () => {
  const draw = random(1);
  expect([draw(), draw(), draw()]).toEqual([
    0.6270739405881613, 0.002735721180215478, 0.5274470399599522,
  ]);
});

test("two generators of one seed agree and do not disturb each other", () => {
  const [first, second] = [random(7), random(7)];
  const ahead = [first(), first()];
  expect([second(), second()]).toEqual(ahead);
});

test("a shuffle is a permutation and leaves its input alone", () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer()), (seed, list) => {
      const before = [...list];
      const ascending = (a: number, b: number): number => a - b;
      const after = shuffle(random(seed), list);
      expect(list).toEqual(before);
      expect(after.sort(ascending)).toEqual(before.sort(ascending));
    }),
  );
});

test("every item of a list is picked", () => {
  const draw = random(3);
  const seen = new Set(Array.from({ length: 200 }, () => pick(draw, ["a", "b", "c", "d"])));
  expect([...seen].sort()).toEqual(["a", "b", "c", "d"]);
});
