import { ArgumentError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ResizeFilter, resizePicture } from "./resize.js";
import type { Picture } from "./types.js";

const FILTERS = ["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"] as const;

/** A picture of one row (or column), grey. */
const row = (...greys: number[]): Picture => ({
  width: greys.length,
  height: 1,
  data: Uint8Array.from(greys.flatMap((grey) => [grey, grey, grey])),
});
const greys = ({ data }: Picture): number[] => Array.from(data).filter((_, i) => i % 3 === 0);
const turned = ({ width, height, data }: Picture): Picture => {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      out.set(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), (x * height + y) * 3);
    }
  }
  return { width: height, height: width, data: out };
};

describe("resizePicture", () => {
  // Bicubic at scale 1/2 weighs distances 1/4, 1/4, 3/4, 5/4 by 0.8671875, 0.8671875, 0.2265625, -0.0703125 (sum
  // 1.890625): (0 + 86.71875 + 45.3125 - 17.9296875) / 1.890625 = 60.35; from the other end (221.1328125 + 173.4375
  // + 22.65625 - 0) / 1.890625 = 220.7. Bilinear weighs 3, 3, 1: (0 + 300 + 200) / 7 = 71.4, (765 + 600 + 100) / 7 = 209.3.
  test.each<[ResizeFilter, number[]]>([
    ["bicubic", [60, 221]],
    ["box", [50, 228]],
    ["bilinear", [71, 209]],
    ["nearest", [100, 255]],
  ])("halves a row with %s as worked out by hand", (filter, expected) => {
    const halved = resizePicture(row(0, 100, 200, 255), { width: 2, height: 1, filter });
    expect(greys(halved)).toEqual(expected);
  });

  test("doubles a row, with overshoot cut at 0 and 255", () => {
    const grown = (filter: ResizeFilter) =>
      greys(resizePicture(row(0, 255, 255), { width: 6, height: 1, filter }));
    expect(grown("bilinear")).toEqual([0, 64, 191, 255, 255, 255]);
    expect(grown("nearest")).toEqual([0, 0, 255, 255, 255, 255]);
    const [first, , , fourth] = grown("bicubic");
    expect([first, fourth]).toEqual([0, 255]);
  });

  test("rounds after each pass, and goes down first where twice as much is lost there", () => {
    const one = (width: number, ...cells: number[]): number[] => {
      const data = Uint8Array.from(cells.flatMap((cell) => [cell, cell, cell]));
      const picture = { width, height: cells.length / width, data };
      return greys(resizePicture(picture, { width: 1, height: 1, filter: "box" }));
    };
    // 3 rows and 1 column are lost. Down: 1/4, 1/4 -> 0, 0. (Across: 1/2, 1/2, 0, 0 -> 1, 1, 0, 0 -> 1.)
    expect(one(2, 1, 0, 0, 1, 0, 0, 0, 0)).toEqual([0]);
    // 3 rows and 2 columns. Across: 2/3, 2/3, 0, 0 -> 1, 1, 0, 0 -> 1. (Down: 1/4, 1/2, 1/4 -> 0, 1, 0 -> 0.)
    expect(one(3, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0)).toEqual([1]);
  });

  const pictures = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .chain(([width, height]) =>
      fc
        .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
        .map((data) => ({ width, height, data })),
    );
  const sides = fc.integer({ min: 1, max: 12 });

  test("is the identity at the same size, keeps constants, and treats both axes alike", () => {
    const property = fc.property(
      pictures,
      sides,
      sides,
      fc.constantFrom(...FILTERS),
      (picture, width, height, filter) => {
        const { width: w, height: h } = picture;
        expect(resizePicture(picture, { width: w, height: h, filter })).toEqual(picture);
        const flat = { ...picture, data: picture.data.slice().fill(77) };
        const resized = resizePicture(flat, { width, height, filter });
        expect(resized).toMatchObject({ width, height });
        expect(new Set(resized.data)).toEqual(new Set([77]));
        const wide = resizePicture(picture, { width, height: h, filter });
        const tall = resizePicture(turned(picture), { width: h, height: width, filter });
        expect(turned(tall)).toEqual(wide);
      },
    );
    fc.assert(property, { numRuns: 150, seed: 4 });
  });

  test("refuses sizes and filters that are none", () => {
    const picture = row(1, 2);
    for (const width of [0, -1, 1.5, Number.NaN, 2 ** 26]) {
      expect(() => resizePicture(picture, { width, height: 1 })).toThrow(ArgumentError);
      expect(() => resizePicture(picture, { width: 1, height: width })).toThrow(ArgumentError);
    }
    const filter = "constructor" as never;
    expect(() => resizePicture(picture, { width: 1, height: 1, filter })).toThrow(/one of nearest/);
  });
});
