import { expect, test } from "vitest";
import { mergeByUnit, segmentMask, unmerge, wordSegments } from "./merge-units.js";

const hidden = { rows: 3, columns: 2, data: Float32Array.of(1, 2, 3, 4, 10, 20) };

test("the mean of a unit, and back", () => {
  const { hidden: merged, map, counts } = mergeByUnit(hidden, [7, 7, 9]);
  expect([...merged.data]).toEqual([2, 3, 10, 20]);
  expect([[...map], [...counts]]).toEqual([
    [0, 0, 1],
    [2, 1],
  ]);
  expect([...unmerge(merged, map).data]).toEqual([2, 3, 2, 3, 10, 20]);
});

test("units of one row change nothing; a unit need not be in one piece", () => {
  expect([...mergeByUnit(hidden, [2, 1, 0]).hidden.data]).toEqual([...hidden.data]);
  expect([...mergeByUnit(hidden, [4, 5, 4]).hidden.data]).toEqual([5.5, 11, 3, 4]);
});

test("scores weigh by their softmax", () => {
  const { hidden: merged } = mergeByUnit(hidden, [0, 0, 1], { scores: [Math.log(3), 0, 5] });
  expect(merged.data[0]).toBeCloseTo(0.75 * 1 + 0.25 * 3, 6);
  expect(merged.data[2]).toBe(10);
});

test("words from where they start; a mask without a pair of two words", () => {
  const segments = wordSegments([5, 6, 7, 5], (id) => id === 5);
  expect([...segments]).toEqual([0, 0, 0, 1]);
  expect([...segmentMask(segments)]).toEqual([1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1]);
});

test("lists of another length are refused", () => {
  expect(() => mergeByUnit(hidden, [1])).toThrow(/\[3\]/);
  expect(() => mergeByUnit(hidden, [1, 2, 3], { scores: [1] })).toThrow(/\[3\]/);
  expect(() => unmerge(hidden, [3])).toThrow(/shape/);
});
