import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildTreeAttention, leafPaths, treeFromPaths } from "./tree-attention.js";

const rowsOf = (mask: Uint8Array, rows: number) =>
  Array.from({ length: rows }, (_, i) => mask.subarray(i * rows, (i + 1) * rows).join(""));

describe("treeFromPaths and buildTreeAttention", () => {
  test("sort by depth, then path, and see ancestors only", () => {
    const { parents, ranks } = treeFromPaths([[0, 0, 0], [0], [1], [0, 0], [1, 0], [0, 1]]);
    expect(Array.from(parents)).toEqual([-1, 0, 0, 1, 1, 2, 3]);
    expect(Array.from(ranks)).toEqual([-1, 0, 1, 0, 1, 0, 0]);
    const { mask, depths } = buildTreeAttention(parents);
    expect(Array.from(depths)).toEqual([0, 1, 1, 2, 2, 2, 3]);
    expect(rowsOf(mask, 7)).toEqual([
      "1000000",
      "1100000",
      "1010000",
      "1101000",
      "1100100",
      "1010010",
      "1101001",
    ]);
    expect(leafPaths(parents)).toEqual([
      [0, 1, 3, 6],
      [0, 2, 5],
      [0, 1, 4],
    ]);
  });

  test("a chain sees the lower triangle, a bare root itself", () => {
    expect(rowsOf(buildTreeAttention(Int32Array.of(-1, 0, 1)).mask, 3)).toEqual([
      "100",
      "110",
      "111",
    ]);
    expect(buildTreeAttention(Int32Array.of(-1))).toEqual({
      mask: Uint8Array.of(1),
      depths: Int32Array.of(0),
    });
    expect(leafPaths(Int32Array.of(-1))).toEqual([[0]]);
  });

  test("a row sees as many rows as it is deep, and itself", () => {
    const tree = fc.array(fc.nat(), { maxLength: 40 });
    fc.assert(
      fc.property(tree, (picks) => {
        const parents = Int32Array.of(-1, ...picks.map((pick, i) => pick % (i + 1)));
        const { mask, depths } = buildTreeAttention(parents);
        rowsOf(mask, parents.length).forEach((row, i) => {
          expect(row.split("1")).toHaveLength(depths[i]! + 2);
        });
        expect(leafPaths(parents).every((path) => path.length === depths[path.at(-1)!]! + 1)).toBe(
          true,
        );
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test("name what is wrong", () => {
    expect(() => buildTreeAttention(Int32Array.of(0))).toThrow(/parents\[0\]/);
    expect(() => buildTreeAttention(Int32Array.of(-1, 1))).toThrow(/parents\[1\]/);
    expect(() => treeFromPaths([[0, 0]])).toThrow(/beginning/);
    expect(() => treeFromPaths([[0], [0]])).toThrow(/distinct/);
    expect(() => treeFromPaths([[]])).toThrow(/ranks/);
    expect(() => treeFromPaths([[-1]])).toThrow(/ranks/);
  });
});
