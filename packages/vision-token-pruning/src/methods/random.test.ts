import { createRandom } from "@frugal/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openState } from "../state.js";
import { contextOf } from "../trial/model.js";
import { random, randomSubset } from "./random.js";

test("a subset is ascending, distinct and of the size asked for", () => {
  fc.assert(
    fc.property(fc.nat(40), fc.nat(40), fc.nat(), (total, count, seed) => {
      const kept = [...randomSubset(total, count, createRandom(seed))];
      expect(kept.length).toBe(Math.min(total, count));
      expect(new Set(kept).size).toBe(kept.length);
      expect(kept).toEqual(kept.toSorted((a, b) => a - b));
      expect(kept.every((n) => n < total)).toBe(true);
    }),
  );
});

test("every token is kept equally often", () => {
  const hits = new Array<number>(6).fill(0);
  const generator = createRandom(3);
  for (let i = 0; i < 6000; i++) for (const n of randomSubset(6, 2, generator)) hits[n]!++;
  // 2000 expected, standard deviation 37: five of them.
  for (const count of hits) expect(Math.abs(count - 2000)).toBeLessThan(185);
});

test("the seed of the request decides, and a second session repeats the first", async () => {
  const method = random({ budget: { tokens: 8 } });
  const keptWith = async (seed: number) => {
    const context = contextOf(64, { seed });
    const map = await method.open(context).steps[0]!.act({}, openState(64));
    return map!.matrix.sources.join();
  };
  expect(await keptWith(1)).toBe(await keptWith(1));
  expect(await keptWith(1)).not.toBe(await keptWith(2));
});

test("the whole budget has no step", () => {
  expect(random({ budget: { keepRatio: 1 } }).open(contextOf(9)).steps).toEqual([]);
});
