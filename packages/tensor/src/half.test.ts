import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FrugalError } from "./errors/index.js";
import {
  bfloatsToFloats,
  bfloatToFloat,
  floatsToBfloats,
  floatsToHalves,
  floatToBfloat,
  floatToHalf,
  halfToFloat,
  halvesToFloats,
} from "./half.js";

const ALL = Uint16Array.from({ length: 65536 }, (_, i) => i);

describe("float16", () => {
  test("known values", () => {
    const pairs: [number, number][] = [
      [0x0000, 0],
      [0x8000, -0],
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3555, 0.333251953125],
      [0x3c00, 1],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x7c00, Infinity],
      [0xfc00, -Infinity],
    ];
    for (const [bits, value] of pairs) {
      expect(halfToFloat(bits)).toBe(value);
      expect(floatToHalf(value)).toBe(bits);
    }
  });

  test("every pattern goes to a float and back, one by one and as arrays", () => {
    const floats = halvesToFloats(ALL);
    const back = floatsToHalves(floats);
    const wrong = ALL.filter((bits) => {
      const isNaNPattern = (bits & 0x7fff) > 0x7c00;
      const returned = back[bits] === (isNaNPattern ? 0x7e00 : bits);
      return !returned || !Object.is(floats[bits], halfToFloat(bits));
    });
    expect([...wrong]).toEqual([]);
  });

  test("rounds to the nearest pattern, halves to even", () => {
    expect(floatToHalf(1 + 2 ** -11)).toBe(0x3c00);
    expect(floatToHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(floatToHalf(2 ** -25)).toBe(0);
    expect(floatToHalf(1.5 * 2 ** -24)).toBe(2);
    expect(floatToHalf(2 - 2 ** -12)).toBe(0x4000);
    expect(floatToHalf(65519.996)).toBe(0x7bff);
    expect(floatToHalf(65520)).toBe(0x7c00);
    expect(floatToHalf(2 ** -14 - 2 ** -26)).toBe(0x0400);
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65504, max: 65504 }), (x) => {
        const bits = floatToHalf(x);
        const error = Math.abs(halfToFloat(bits) - x);
        for (const neighbour of [bits - 1, bits + 1]) {
          if ((neighbour & 0x7fff) > 0x7c00) continue;
          const other = Math.abs(halfToFloat(neighbour & 0xffff) - x);
          expect(error <= other).toBe(true);
          if (error === other && halfToFloat(neighbour & 0xffff) !== halfToFloat(bits)) {
            expect(bits % 2).toBe(0);
          }
        }
      }),
    );
  });
});

describe("bfloat16", () => {
  test("every pattern goes to a float and back", () => {
    const floats = bfloatsToFloats(ALL);
    const back = floatsToBfloats(floats);
    const wrong = ALL.filter((bits) => {
      const returned = Number.isNaN(floats[bits])
        ? Number.isNaN(bfloatToFloat(back[bits]!))
        : back[bits] === bits;
      return !returned || !Object.is(floats[bits], bfloatToFloat(bits));
    });
    expect([...wrong]).toEqual([]);
  });

  test("rounds halves to even and overflows to infinity", () => {
    expect(floatToBfloat(1 + 2 ** -8)).toBe(0x3f80);
    expect(floatToBfloat(1 + 3 * 2 ** -8)).toBe(0x3f82);
    expect(floatToBfloat(3.4028234663852886e38)).toBe(0x7f80);
    expect(floatToBfloat(-0)).toBe(0x8000);
    expect(bfloatToFloat(floatToBfloat(Number.NaN))).toBeNaN();
  });
});

test("another length is refused", () => {
  for (const convert of [halvesToFloats, bfloatsToFloats]) {
    expect(() => convert(new Uint16Array(2), new Float32Array(3))).toThrow(FrugalError);
  }
  for (const convert of [floatsToHalves, floatsToBfloats]) {
    expect(() => convert(new Float32Array(2), new Uint16Array(3))).toThrow("shape must be [2]");
  }
});
