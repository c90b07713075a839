/** Argmax, top k and sparse rows of both builds against the reference. */
import type { Backend } from "@frugal/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILDS, both, errorOf, numbers, open } from "./support.js";

describe.each(BUILDS)("%s", (build) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await open(build);
  });
  afterAll(() => {
    expect(backend.report().allocatedBytes).toBe(0);
    backend.dispose();
  });

  const rowsOf = (width: number): Float32Array => {
    const x = numbers(6 * width, `rows${width}`);
    for (let i = 0; i < width; i++) x[width + i] = Math.round(x[width + i]! * 2); // many ties
    x.fill(NaN, 2 * width, 3 * width);
    x.fill(-Infinity, 3 * width, 4 * width);
    x[3 * width] = NaN;
    x.fill(-0, 4 * width, 5 * width);
    x[5 * width - 1] = 0;
    x[5 * width] = Infinity;
    return x;
  };

  test.each([1, 2, 3, 4, 5, 8, 13, 64, 67])("largest of %i, ties, NaN, zeros", async (width) => {
    const { got, want } = await both(backend, (b, up) => {
      const out = b.empty([6], "int32");
      b.argmax(up([6, width], rowsOf(width)), out, 6);
      return out;
    });
    expect([...got]).toEqual([...want]);
  });

  test.each([
    [1, 1],
    [5, 3],
    [13, 13],
    [67, 8],
    [64, 0],
  ])("best of %i: %i", async (width, k) => {
    for (const which of ["indices", "values"] as const) {
      const { got, want } = await both(backend, (b, up) => {
        const indices = b.empty([6, k], "int32");
        const values = b.empty([6, k]);
        b.topk(up([6, width], rowsOf(width)), k, indices, values, 6);
        (which === "indices" ? values : indices).dispose();
        return which === "indices" ? indices : values;
      });
      expect([...got]).toEqual([...want]);
    }
  });

  test.each([1, 4, 7, 32])("sparse rows of width %i", async (width) => {
    const map = {
      rowCount: 4,
      sourceCount: 5,
      starts: Uint32Array.of(0, 1, 4, 4, 5),
      sources: Uint32Array.of(3, 0, 4, 1, 2),
      weights: Float32Array.of(1, 0.25, 0.5, -2, 3),
    };
    const x = numbers(5 * width, "x");
    x[3 * width] = -0;
    const { got, want } = await both(backend, (b, up) => {
      const out = b.empty([4, width]);
      b.sparseRows(map, up([5, width], x), out);
      return out;
    });
    expect(errorOf(got, want)).toBeLessThan(4e-7);
    expect(Object.is(got[0], -0)).toBe(true);
  });
});
