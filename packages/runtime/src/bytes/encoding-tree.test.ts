import { expect, test } from "vitest";
import { treeOf } from "./encoding-tree.js";

test("a stem, and a tree behind its last token", () => {
  const { stem, tokens, parents, ends } = treeOf(
    [
      [9, 1, 2, 3],
      [9, 1, 2],
      [9, 1, 4, 5],
      [9, 1, 2, 6],
    ].map((ids) => Uint32Array.from(ids)),
  );
  expect([...stem]).toEqual([9]);
  expect([...tokens]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...parents]).toEqual([-1, 0, 1, 0, 3, 1]);
  expect(ends).toEqual([2, 1, 4, 5]);
});

test("one sequence: no more than its last token", () => {
  const { stem, tokens, ends } = treeOf([Uint32Array.of(7, 8)]);
  expect([[...stem], [...tokens], ends]).toEqual([[7], [8], [0]]);
});
