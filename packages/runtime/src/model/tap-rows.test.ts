import { CapabilityError, floats, type Tap } from "@frugal/tensor";
import { expect, test } from "vitest";
import { chosenRows, neighbours, pickRows, reducedRows, splitHeads } from "./tap-rows.js";

const tap = (rows: Tap["rows"], part: Tap["part"] = "decoder"): Tap => ({
  signal: "hidden",
  part,
  ...(rows === undefined ? {} : { rows }),
});

test.each([
  [undefined, 4, [0, 1, 2, 3]],
  ["all", 3, [0, 1, 2]],
  ["last", 5, [4]],
  ["last", 0, []],
  [{ last: 2 }, 5, [3, 4]],
  [{ last: 9 }, 2, [0, 1]],
  [{ every: 2 }, 5, [0, 2, 4]],
  [[1, 3], 4, [1, 3]],
  [[], 4, []],
] as const)("rows %o of %d", (rows, count, wanted) => {
  expect(chosenRows(tap(rows), count, {})).toEqual(wanted);
});

test("an encoder knows its class token and image tokens; a decoder what it is told", () => {
  expect(chosenRows(tap("class", "encoder"), 4, {})).toEqual([0]);
  expect(chosenRows(tap("image", "encoder"), 4, {})).toEqual([1, 2, 3]);
  expect(chosenRows(tap("image"), 6, { image: [2, 3] })).toEqual([2, 3]);
  for (const rows of ["class", "image", "text"] as const) {
    expect(() => chosenRows(tap(rows), 4, {})).toThrow(CapabilityError);
  }
});

test.each([[-1], [4], [0.5], [Number.NaN]])("row %d of 4 does not exist", (row) => {
  expect(() => chosenRows(tap([row]), 4, {})).toThrow(/integers in 0\.\.3/);
});

test("rows are picked and heads stand before rows", () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect([...pickRows(data, 4, [1])]).toEqual([5, 6, 7, 8]);
  const split = splitHeads(data, 2, 2);
  expect(split.dims).toEqual([2, 2, 2]);
  expect([...split.data]).toEqual([1, 2, 5, 6, 3, 4, 7, 8]);
  expect(splitHeads(new Float32Array(0), 0, 2).dims).toEqual([2, 0, 0]);
});

test("neighbours are runs of rows that follow one another", () => {
  expect(neighbours([])).toEqual([]);
  expect(neighbours([2, 3, 4, 7, 9, 10])).toEqual([
    [2, 3],
    [7, 1],
    [9, 2],
  ]);
});

test("rows are reduced to their sum or their largest", () => {
  const all = floats([2, 2, 2], Float32Array.of(1, 5, 2, 3, 0, 1, 4, 0));
  expect([...reducedRows(all, false).data]).toEqual([3, 8, 4, 1]);
  expect([...reducedRows(all, true).data]).toEqual([2, 5, 4, 1]);
});
