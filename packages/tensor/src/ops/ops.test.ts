import { describe, expect, test } from "vitest";
import { keepRows } from "../sparse-rows.js";
import { floats, tensorFrom } from "../tensor.js";
import type { Floats } from "../types.js";
import {
  gatherRows,
  logSumExpRows,
  matmul,
  pool1d,
  referenceOps,
  rowDot,
  rowNorms,
  scatterMean,
  similarity,
  softmaxRows,
  sparseRows,
  sumRows,
  unitRows,
} from "./index.js";

const m = (dims: number[], ...numbers: number[]): Floats =>
  floats(dims, Float32Array.from(numbers));
const list = (x: Floats | Float32Array) => [...(x instanceof Float32Array ? x : x.data)];

describe("by hand", () => {
  test("products", () => {
    const a = m([2, 3], 1, 2, 3, 4, 5, 6);
    const product = matmul(a, m([3, 2], 1, 0, 0, 1, 1, 1));
    expect(product.dims).toEqual([2, 2]);
    expect(list(product)).toEqual([4, 5, 10, 11]);
    expect(rowDot(a, 0, a, 1)).toBe(32);
    expect(matmul(m([0, 3]), m([3, 2], 1, 2, 3, 4, 5, 6)).dims).toEqual([0, 2]);
    expect(list(matmul(m([1, 0]), m([0, 2])))).toEqual([0, 0]);
  });

  test("lengths and directions", () => {
    const rows = m([3, 2], 3, 4, 0, 0, -5, 12);
    expect(list(rowNorms(rows))).toEqual([5, 0, 13]);
    expect(list(unitRows(rows)).slice(0, 4)).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
    expect(list(similarity(rows, m([1, 2], 6, 8)))).toEqual([1, 0, Math.fround(33 / 65)]);
  });

  test("softmax and its logarithm", () => {
    const rows = m([2, 2], 0, Math.log(3), -Infinity, -Infinity);
    expect(list(softmaxRows(rows))).toEqual([0.25, 0.75, 0, 0]);
    expect(list(logSumExpRows(rows))).toEqual([Math.fround(Math.log(4)), -Infinity]);
    expect(list(logSumExpRows(m([1, 2], 1000, 1000)))[0]).toBeCloseTo(1000.6931, 3);
    expect(list(logSumExpRows(m([1, 0])))).toEqual([-Infinity]);
    expect(list(logSumExpRows(m([1, 1], Number.NaN)))).toEqual([Number.NaN]);
  });

  test("moving rows", () => {
    const rows = m([3, 2], 1, -0, 3, 4, 5, 6);
    expect(list(gatherRows(rows, [2, 0, 0]))).toEqual([5, 6, 1, -0, 1, -0]);
    expect(list(scatterMean(rows, [1, 0, 0], 3))).toEqual([4, 5, 1, -0, 0, 0]);
    expect(list(sumRows(rows))).toEqual([9, 10]);
    const map = { ...keepRows([0, 2], 3), weights: Float32Array.of(1, 0.5) };
    expect(list(sparseRows(map, rows))).toEqual([1, -0, 2.5, 3]);
  });

  test("pooling: the mean divides by the size at the borders too", () => {
    const rows = m([1, 5], 3, 3, 9, -3, -6);
    expect(list(pool1d(rows, { kind: "avg", size: 3 }))).toEqual([2, 5, 3, 0, -3]);
    expect(list(pool1d(rows, { kind: "max", size: 3 }))).toEqual([3, 9, 9, 9, -3]);
    expect(list(pool1d(rows, { kind: "avg", size: 2, stride: 2, padding: 0 }))).toEqual([3, 3]);
    expect(pool1d(rows, { kind: "max", size: 7, padding: 0 }).dims).toEqual([1, 0]);
    expect(pool1d(rows, { kind: "avg", size: 4 }).dims).toEqual([1, 6]);
  });
});

describe("what does not fit is refused", () => {
  const rows = m([2, 2], 1, 2, 3, 4);
  test.each<[string, () => unknown, string]>([
    ["matmul", () => matmul(rows, m([3, 2], 1, 2, 3, 4, 5, 6)), "ShapeError"],
    ["rank", () => unitRows(m([4], 1, 2, 3, 4)), "ShapeError"],
    ["dims against data", () => rowNorms({ ...rows, dims: [3, 2] }), "ShapeError"],
    [
      "type",
      () => sumRows(tensorFrom(new Int32Array(4), [2, 2]) as unknown as Floats),
      "DtypeError",
    ],
    ["place", () => sumRows({ ...rows, location: "gpu-buffer" }), "StateError"],
    ["similarity", () => similarity(rows, m([1, 1], 1)), "ShapeError"],
    ["gather", () => gatherRows(rows, [2]), "ArgumentError"],
    ["scatter targets", () => scatterMean(rows, [0], 2), "ShapeError"],
    ["scatter target", () => scatterMean(rows, [0, 2], 2), "ArgumentError"],
    ["scatter rows", () => scatterMean(rows, [0, 0], -1), "ArgumentError"],
    ["map", () => sparseRows(keepRows([0], 3), rows), "ShapeError"],
    ["pool size", () => pool1d(rows, { kind: "avg", size: 0 }), "ArgumentError"],
    ["pool stride", () => pool1d(rows, { kind: "avg", size: 2, stride: 0.5 }), "ArgumentError"],
    ["pool padding", () => pool1d(rows, { kind: "max", size: 2, padding: 2 }), "ArgumentError"],
    ["pool kind", () => pool1d(rows, { kind: "median" as "max", size: 3 }), "ArgumentError"],
  ])("%s", (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});

test("the table of the reference holds the functions by name", () => {
  expect(referenceOps.matmul).toBe(matmul);
  expect([...referenceOps.topk([1, 3, 2], 2)]).toEqual([1, 2]);
  expect(referenceOps.argmax([1, 3, 2])).toBe(1);
});
