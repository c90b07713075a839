import { type DraftTree, floats } from "@frugal/tensor";
import { expect, test } from "vitest";
import { depthsOf, shallower } from "./tree.js";

//   0 ─ 1 ─ 3 ─ 5
//   └ 2 ─ 4
const tree: DraftTree = {
  tokens: Uint32Array.of(10, 11, 12, 13, 14, 15),
  parents: Int32Array.of(-1, 0, 0, 1, 2, 3),
  drawn: "deterministic",
};

test("depths count edges below the root", () => {
  expect([...depthsOf(tree.parents)]).toEqual([0, 1, 1, 2, 2, 3]);
  expect([...depthsOf(Int32Array.of(-1))]).toEqual([0]);
});

test.each([[[-1, 1]], [[-1, 0, 5]], [[-1, -2]]])("parents %o are refused", (parents) => {
  expect(() => depthsOf(Int32Array.from(parents))).toThrow(/parents\[\d\] must be in 0\.\./);
});

test("a tree that fits is the same object", () => {
  expect(shallower(tree, 3, 6)).toBe(tree);
  expect(shallower(tree, Infinity, 256)).toBe(tree);
});

test("rows too deep go, with everything behind them", () => {
  const cut = shallower(tree, 1, 6);
  expect([[...cut.tokens], [...cut.parents]]).toEqual([
    [10, 11, 12],
    [-1, 0, 0],
  ]);
  expect([...shallower(tree, 0, 6).tokens]).toEqual([10]);
});

test("rows too many go from the end, and no row loses its parent", () => {
  const cut = shallower(tree, 3, 4);
  expect([[...cut.tokens], [...cut.parents]]).toEqual([
    [10, 11, 12, 13],
    [-1, 0, 0, 1],
  ]);
});

test("laws go with their rows", () => {
  const laws = floats([6, 2], Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  const cut = shallower({ ...tree, laws }, 1, 6);
  expect(cut.laws?.dims).toEqual([3, 2]);
  expect([...(cut.laws?.data ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(cut.drawn).toBe("deterministic");
});
