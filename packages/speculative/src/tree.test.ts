import { floats } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import { chainTree, childrenOf, childWith, cutTree, treeDepths, validateTree } from "./tree.js";
import type { DraftTree } from "./types.js";

const tree = (tokens: number[], parents: number[]): DraftTree => ({
  tokens: Uint32Array.from(tokens),
  parents: Int32Array.from(parents),
  drawn: "deterministic",
});
const FORK = tree([0, 1, 2, 3, 1, 3], [-1, 0, 0, 1, 0, 4]);

describe("draft trees", () => {
  test("a chain follows itself", () => {
    expect(chainTree(4, [5, 6])).toEqual(tree([4, 5, 6], [-1, 0, 1]));
    expect(chainTree(4, [])).toEqual(tree([4], [-1]));
  });

  test("depths, children and the first match", () => {
    expect(Array.from(treeDepths(FORK.parents))).toEqual([0, 1, 1, 2, 1, 2]);
    expect(childrenOf(FORK, 0)).toEqual([1, 2, 4]);
    expect(childWith(FORK, 0, 1)).toBe(1);
    expect(childWith(FORK, 0, 3)).toBe(-1);
    expect(childWith(FORK, 4, 3)).toBe(5);
  });

  test("a cut tree is a tree of the first rows, laws included", () => {
    const laws = floats(
      [6, 2],
      Float32Array.from({ length: 12 }, (_, i) => i),
    );
    for (let room = 0; room < 8; room++) {
      const cut = cutTree({ ...FORK, drawn: "independent", laws }, room);
      expect(validateTree(cut, { maxRows: room + 1 }).tokens).toHaveLength(Math.min(6, room + 1));
      expect(cut.laws?.data).toHaveLength(2 * cut.tokens.length);
    }
    expect(cutTree(FORK, 5)).toBe(FORK);
    expect(() => cutTree(FORK, -1)).toThrow(/room/);
    expect(() => cutTree(FORK, Number.NaN)).toThrow(/room/);
  });

  test.each([
    [tree([], []), {}, /at least the root/],
    [tree([1, 2], [-1]), {}, /shape/],
    [tree([1, 2], [0, 0]), {}, /parents\[0\]/],
    [tree([1, 2], [-1, 1]), {}, /parents\[1\]/],
    [tree([1, 2], [-1, -1]), {}, /parents\[1\]/],
    [FORK, { maxRows: 5 }, /at most 5 rows/],
    [FORK, { vocabularySize: 3 }, /tokens\[3\]/],
    [{ ...FORK, drawn: "independent" as const }, {}, /laws/],
    [{ ...FORK, laws: floats([5, 2], new Float32Array(10)) }, {}, /shape/],
  ])("refuses tree %#", (bad, limits, message) => {
    expect(() => validateTree(bad, limits)).toThrow(message);
  });
});
