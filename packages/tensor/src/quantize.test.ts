import fc from "fast-check";
import { expect, test } from "vitest";
import { quantizeBlocks, quantizeVector } from "./quantize.js";

function coded(numbers: readonly number[]): { codes: number[]; scale: number } {
  const codes = new Int8Array(numbers.length);
  const scale = quantizeVector(Float32Array.from(numbers), 0, numbers.length, codes, 0);
  return { codes: [...codes], scale };
}

test("the largest number has code 127, halves go to even", () => {
  expect(coded([127, -127, 0.5, 1.5, 2.5, -0.5])).toEqual({
    codes: [127, -127, 0, 2, 2, 0],
    scale: 1,
  });
});

test("nothing but zeros, NaN, infinity and the smallest numbers", () => {
  expect(coded([0, -0])).toEqual({ codes: [0, 0], scale: 0 });
  expect(coded([127, Number.NaN])).toEqual({ codes: [127, 0], scale: 1 });
  expect(coded([1, Infinity])).toEqual({ codes: [0, 0], scale: Infinity });
  expect(coded([2 ** -149])).toEqual({ codes: [0], scale: 0 });
  expect(coded([190 * 2 ** -149, 2 ** -149])).toEqual({ codes: [127, 1], scale: 2 ** -149 });
});

test("decoding misses by at most half a step", () => {
  const vector = fc.array(
    fc.float({ noNaN: true, noDefaultInfinity: true, max: 2 ** 100, min: -(2 ** 100) }),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(vector, (numbers) => {
      const { codes, scale } = coded(numbers);
      fc.pre(scale > 1e-38);
      numbers.forEach((x, i) => {
        expect(Math.abs(scale * codes[i]! - x)).toBeLessThanOrEqual(scale * (0.5 + 1e-5));
      });
    }),
  );
});

test("each block has its own scale, the last may be short", () => {
  const row = Float32Array.from({ length: 70 }, (_, i) => (i < 32 ? 127 : i < 64 ? 254 : 12.7));
  const codes = new Int8Array(72);
  const scales = new Float32Array(4);
  quantizeBlocks(row, 0, 70, codes, 2, scales, 1);
  expect([...scales]).toEqual([0, 1, 2, Math.fround(Math.fround(12.7) / 127)]);
  expect([...codes]).toEqual([0, 0, ...new Array(70).fill(127)]);
});
