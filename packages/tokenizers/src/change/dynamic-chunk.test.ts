import { expect, test } from "vitest";
import { dechunkEma, dynamicChunk } from "./dynamic-chunk.js";

const matrix = (rows: readonly (readonly number[])[]) => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float32Array.from(rows.flat()),
});
const hidden = matrix([
  [1, 0],
  [0.8, 0.6],
  [-0.6, -0.8],
  [-1, 0],
  [1, 0.2],
]);
const close = (values: ArrayLike<number>, wanted: readonly number[], digits = 5) =>
  wanted.forEach((value, i) => {
    expect(values[i]).toBeCloseTo(value, digits);
  });

test("the published worked example, there and back", () => {
  const { probability, boundary, chunks } = dynamicChunk(hidden);
  close(probability, [1, 0.1, 0.98, 0.2, 0.99029]);
  expect([...boundary]).toEqual([1, 0, 1, 0, 1]);
  close(chunks.data, [1, 0, -0.6, -0.8, 1, 0.2]);
  const out = dechunkEma(
    matrix([
      [1, 0],
      [0, 1],
      [2, 2],
    ]),
    boundary,
    probability,
  );
  close(out.data, [0.9999, 0, 0.9999, 0, 0.02, 0.98, 0.02, 0.98, 1.98077, 1.9901], 4);
});

test("projections, a mask, a threshold; half is no boundary", () => {
  const turn = matrix([
    [0, -1],
    [1, 0],
  ]);
  const square = matrix([
    [1, 0],
    [0, 1],
  ]);
  expect([...dynamicChunk(square).boundary]).toEqual([1, 0]);
  expect(dynamicChunk(square).probability[1]).toBe(0.5);
  expect(dynamicChunk(square, { query: turn }).probability[1]).toBe(0);
  expect(dynamicChunk(square, { key: turn }).probability[1]).toBe(1);
  expect([...dynamicChunk(hidden, { mask: [1, 1, 0, 1, 1] }).boundary]).toEqual([1, 0, 0, 0, 1]);
  expect([...dynamicChunk(hidden, { threshold: 0.985 }).boundary]).toEqual([1, 0, 0, 0, 1]);
  expect(dynamicChunk(hidden).selectedProbability[1]).toBeCloseTo(0.9, 6);
});

test("what does not fit is refused", () => {
  expect(() => dynamicChunk(hidden, { query: hidden })).toThrow(/\[2, 2\]/);
  expect(() => dynamicChunk(hidden, { mask: [1] })).toThrow(/\[5\]/);
  expect(() => dynamicChunk(hidden, { threshold: Number.NaN })).toThrow(/threshold/);
  expect(() => dechunkEma(hidden, [1, 0], [1, 1])).toThrow(/shape/);
  expect(() => dechunkEma(matrix([[1]]), [0, 1], [1, 1])).toThrow(/begins with a chunk/);
  expect(() => dechunkEma(matrix([[1]]), [1, 0], [1])).toThrow(/\[2\]/);
});
