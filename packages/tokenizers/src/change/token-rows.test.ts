import { expect, test } from "vitest";
import { initTokenFromText, selectSegmentationByContext } from "./token-rows.js";

const matrix = { rows: 3, columns: 2, data: Float32Array.of(1, 2, 3, 0, 5, -4) };
const tokenizer = { encode: (text: string) => Uint32Array.from(text, (c) => Number(c)) };

test("a name of one token is its row; longer ones are pooled", () => {
  expect([...initTokenFromText("1", tokenizer, matrix)]).toEqual([3, 0]);
  expect([...initTokenFromText("02", tokenizer, matrix)]).toEqual([3, -1]);
  expect([...initTokenFromText("02", tokenizer, matrix, { pool: "max" })]).toEqual([5, 2]);
});

test("no tokens, and ids without a row, are refused", () => {
  expect(() => initTokenFromText("", tokenizer, matrix)).toThrow(/not empty/);
  expect(() => initTokenFromText("7", tokenizer, matrix)).toThrow(/row for id 7/);
});

test("the candidate nearest to the context", () => {
  const candidate = (...data: number[]) => ({
    rows: data.length / 2,
    columns: 2,
    data: Float32Array.from(data),
  });
  const spellings = [candidate(1, 0), candidate(0, 3, 1, 1), candidate(0, 1, 0, 1)];
  expect(selectSegmentationByContext(spellings, [0, 5])).toBe(2);
  expect(selectSegmentationByContext(spellings, [1, 0.1])).toBe(0);
  expect(selectSegmentationByContext([candidate(2, 0), candidate(1, 0)], [1, 0])).toBe(0);
  expect(() => selectSegmentationByContext([], [1])).toThrow(/not empty/);
  expect(() => selectSegmentationByContext(spellings, [1])).toThrow(/shape/);
});
