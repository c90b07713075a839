import { FrugalError, floats } from "@frugal/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { int, intCodes, intDecoded } from "./int.js";

const row = (...x: number[]) => floats([1, x.length], Float32Array.from(x));

test("symmetric: the scale is the largest over the top code", () => {
  const { codes, scales, zeros } = intCodes(row(0.5, -1.27, 0.02));
  expect([...codes]).toEqual([50, -127, 2]);
  expect(scales[0]).toBeCloseTo(0.01, 8);
  expect(zeros).toBeNull();
});

test("with a zero point the range holds 0", () => {
  const options = { bits: 2, symmetric: false };
  const made = intCodes(row(0, 1, 2, 3.3), options);
  expect([...made.codes]).toEqual([0, 1, 2, 3]);
  expect([...intDecoded(made, 1, 4, options)].map((x) => Math.round(x * 10))).toEqual([
    0, 11, 22, 33,
  ]);
  const shifted = intCodes(row(-1, 0, 2), options);
  expect([...shifted.zeros!]).toEqual([1]);
  expect([...shifted.codes]).toEqual([0, 1, 3]);
});

test("halves go to the even code", () => {
  expect([...intCodes(row(127, 0.5, 1.5, 2.5, -0.5, -1.5)).codes]).toEqual([127, 0, 2, 2, 0, -2]);
});

test("a scale a token, a group, a channel or in all", () => {
  const x = floats([2, 4], Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40));
  const largest = (options: Parameters<typeof intCodes>[1]) =>
    [...intCodes(x, options).scales].map((scale) => Math.round(scale * 127));
  expect(largest({ axis: "token" })).toEqual([4, 40]);
  expect(largest({ axis: "token", group: 2 })).toEqual([2, 4, 20, 40]);
  expect(largest({ axis: "channel" })).toEqual([10, 20, 30, 40]);
  expect(largest({ axis: "tensor" })).toEqual([40]);
});

test("errs by at most half a scale, packed and unpacked", () => {
  const options = fc.record({
    bits: fc.integer({ min: 2, max: 8 }),
    axis: fc.constantFrom("token" as const, "channel" as const, "tensor" as const),
    symmetric: fc.boolean(),
  });
  const values = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), {
    minLength: 12,
    maxLength: 12,
  });
  fc.assert(
    fc.property(options, values, (own, list) => {
      const x = floats([3, 4], Float32Array.from(list));
      const codec = int(own);
      const bytes = codec.encode(x, "key");
      const decoded = codec.decode(bytes, 3, 4, "key");
      expect(decoded).toEqual(intDecoded(intCodes(x, own), 3, 4, own));
      const scale = Math.max(...intCodes(x, own).scales);
      // Without symmetry the rounded zero point may push one more half step out of range.
      const most = (own.symmetric ? 0.5 : 1) * scale * (1 + 1e-5);
      decoded.forEach((value, i) => {
        expect(Math.abs(value - x.data[i]!)).toBeLessThanOrEqual(most);
      });
    }),
  );
});

test("sizes: 2 G D bits / 8 a token and the scales", () => {
  expect(int({ bits: 4 }).byteLength(10, 32)).toBe(10 * 4 + 10 * 16);
  expect(int({ bits: 2, symmetric: false }).byteLength(3, 16)).toBe(3 * 5 + 12);
  expect(int({ bits: 3, axis: "tensor" }).byteLength(1, 3)).toBe(4 + 2);
});

test("refuses what cannot be coded", () => {
  const code = (run: () => unknown) => {
    try {
      return run();
    } catch (error) {
      return FrugalError.is(error) && error.code;
    }
  };
  for (const options of [{ bits: 1 }, { bits: 9 }, { axis: "row" as never }, { group: 0 }]) {
    expect(code(() => int(options))).toBe("ArgumentError");
  }
  expect(code(() => int({ axis: "tensor", group: 4 }))).toBe("ArgumentError");
  for (const x of [Number.NaN, Infinity]) {
    expect(code(() => int().encode(row(1, x), "value"))).toBe("ArgumentError");
  }
  expect(code(() => int({ group: 3 }).encode(row(1, 2, 3, 4), "key"))).toBe("ShapeError");
  expect(code(() => int().encode(floats([4]), "key"))).toBe("ShapeError");
  expect(code(() => int().decode(new Uint8Array(7), 1, 4, "key"))).toBe("FormatError");
});
