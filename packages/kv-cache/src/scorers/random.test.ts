import { createRandom } from "@frugal/tensor";
import { expect, test } from "vitest";
import { filled } from "../../test/filled.js";
import { random } from "./random.js";

test("draws anew each round, the same again from the same seed or checkpoint", async () => {
  const { cache } = filled(9);
  const open = () => random().open(cache.layout, createRandom(5));
  const [a, b] = [open(), open()];
  const first = await a.scores(0, cache);
  expect(first.dims).toEqual([2, 9]);
  expect((await b.scores(0, cache)).data).toEqual(first.data);
  const saved = a.checkpoint!();
  const second = await a.scores(0, cache);
  expect(second.data).not.toEqual(first.data);
  a.restore!(saved);
  expect((await a.scores(0, cache)).data).toEqual(second.data);
  expect(first.data.every((x) => x >= 0 && x < 1)).toBe(true);
});
