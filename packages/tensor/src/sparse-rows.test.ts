import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRows, composeRows, identityRows, isIdentityRows, keepRows } from "./sparse-rows.js";
import type { SparseRows } from "./types.js";

const entries = (rowCount: number, sourceCount: number) =>
  fc.array(
    fc.array(fc.tuple(fc.nat(sourceCount - 1), fc.integer({ min: -4, max: 4 })), { maxLength: 4 }),
    { minLength: rowCount, maxLength: rowCount },
  );

function rowsOf(lists: readonly (readonly [number, number])[][], sourceCount: number): SparseRows {
  const flat = lists.flat();
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => {
    starts[i + 1] = starts[i]! + list.length;
  });
  return {
    rowCount: lists.length,
    sourceCount,
    starts,
    sources: Uint32Array.from(flat, ([source]) => source),
    weights: Float32Array.from(flat, ([, weight]) => weight),
  };
}

function dense(rows: SparseRows): number[][] {
  return Array.from({ length: rows.rowCount }, (_, r) => {
    const row = new Array<number>(rows.sourceCount).fill(0);
    for (let e = rows.starts[r]!; e < rows.starts[r + 1]!; e++) {
      row[rows.sources[e]!]! += rows.weights[e]!;
    }
    return row;
  });
}

describe("making", () => {
  test("identity and kept rows", () => {
    expect(isIdentityRows(identityRows(5))).toBe(true);
    expect(isIdentityRows(identityRows(0))).toBe(true);
    expect(isIdentityRows(keepRows([0, 1, 2], 3))).toBe(true);
    expect(isIdentityRows(keepRows([0, 1, 2], 4))).toBe(false);
    expect(isIdentityRows(keepRows([0, 2, 1], 3))).toBe(false);
    expect(dense(keepRows([2, 0], 3))).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    const halved = { ...identityRows(2), weights: Float32Array.of(1, 0.5) };
    expect(isIdentityRows(halved)).toBe(false);
  });

  test("indices that do not exist are refused", () => {
    for (const index of [3, -1, 0.5, Number.NaN]) {
      expect(() => keepRows([index], 3)).toThrow("indices[0] must be below 3");
    }
    expect(() => identityRows(-1)).toThrow("count");
  });
});

describe("composeRows", () => {
  test("is the product of the matrices", () => {
    fc.assert(
      fc.property(entries(4, 5), entries(5, 6), (outer, inner) => {
        const second = rowsOf(outer as [number, number][][], 5);
        const first = rowsOf(inner as [number, number][][], 6);
        const [a, b] = [dense(second), dense(first)];
        const product = a.map((row) =>
          Array.from({ length: 6 }, (_, c) => row.reduce((sum, w, k) => sum + w * b[k]![c]!, 0)),
        );
        const composed = composeRows(second, first);
        checkRows("test", composed);
        expect(dense(composed).map((row) => row.map((x) => x + 0))).toEqual(
          product.map((row) => row.map((x) => x + 0)),
        );
        for (let r = 0; r < composed.rowCount; r++) {
          const row = composed.sources.slice(composed.starts[r], composed.starts[r + 1]);
          expect(new Set(row).size).toBe(row.length);
        }
      }),
    );
  });

  test("the identity changes nothing, on either side", () => {
    const rows = keepRows([3, 1], 4);
    expect(composeRows(rows, identityRows(4))).toBe(rows);
    expect(composeRows(identityRows(2), rows)).toBe(rows);
  });

  test("rows that do not fit are refused", () => {
    expect(() => composeRows(identityRows(3), identityRows(4))).toThrow(
      expect.objectContaining({ code: "ShapeError", expected: [4], received: [3] }),
    );
  });
});

describe("checkRows", () => {
  const good = keepRows([2, 0], 3);
  test.each<[string, Partial<SparseRows>]>([
    ["rowCount", { rowCount: -1 }],
    ["sourceCount", { sourceCount: 0.5 }],
    ["shape", { rowCount: 3 }],
    ["shape", { weights: new Float32Array(1) }],
    ["starts[0]", { starts: Uint32Array.of(1, 1, 2) }],
    ["starts[2]", { starts: Uint32Array.of(0, 2, 1) }],
    ["starts[2]", { starts: Uint32Array.of(0, 1, 3) }],
    ["sources[0]", { sources: Uint32Array.of(3, 0) }],
    ["weights[1]", { weights: Float32Array.of(1, Number.NaN) }],
  ])("names %s", (name, broken) => {
    expect(() => checkRows("test", { ...good, ...broken })).toThrow(name);
  });

  test("accepts what it should", () => {
    expect(() => checkRows("test", good)).not.toThrow();
    expect(() => checkRows("test", identityRows(0))).not.toThrow();
  });
});
