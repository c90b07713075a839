/** Products with packed weights of both builds against the reference. */
import { type Backend, floats } from "@frugal/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILDS, both, errorOf, numbers, open } from "./support.js";

const SHAPES = [
  [1, 1, 1],
  [1, 5, 3],
  [2, 8, 16],
  [3, 31, 24],
  [4, 33, 37],
  [7, 64, 70],
  [9, 96, 33],
  [0, 4, 4],
  [2, 0, 5],
] as const;

describe.each(BUILDS)("%s", (build) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await open(build);
  });
  afterAll(() => {
    expect(backend.report().allocatedBytes).toBe(0);
    backend.dispose();
  });

  for (const format of ["f32", "int8"] as const) {
    test.each(SHAPES)(`${format}: %i rows, K %i, N %i`, async (rows, inputs, outputs) => {
      for (const hasBias of [false, true]) {
        const { got, want } = await both(backend, (b, up) => {
          const weight = b.weight(floats([outputs, inputs], numbers(outputs * inputs, "w")), {
            format,
            ...(hasBias && { bias: floats([outputs], numbers(outputs, "bias")) }),
          });
          const out = b.empty([rows + 1, outputs]);
          b.linear(up([rows + 1, inputs], numbers((rows + 1) * inputs, "x")), weight, out, rows);
          weight.dispose();
          return out;
        });
        expect(errorOf(got, want)).toBeLessThan(1e-6);
      }
    });

    test(`${format}: gathers rows of a weight and of a tensor`, async () => {
      const table = numbers(37 * 33, "table");
      const indices = Uint32Array.of(0, 36, 5, 5, 17);
      const { got, want } = await both(backend, (b) => {
        const weight = b.weight(floats([37, 33], table), { format });
        const out = b.empty([7, 33]);
        b.gather(weight, indices, out, 1);
        weight.dispose();
        return out;
      });
      expect([...got]).toEqual([...want]);
      const copied = await both(backend, (b, up) => {
        const out = b.empty([6, 33]);
        b.gather(up([37, 33], table), indices, out, 1);
        return out;
      });
      expect([...copied.got]).toEqual([...copied.want]);
    });
  }

  test("reads float16 weights and tensors exactly", async () => {
    const halves = Uint16Array.of(0x3c00, 0x0001, 0x83ff, 0x7bff, 0xc000, 0x8000, 0x7c00, 0xfc00);
    const source = { type: "float16", dims: [2, 4], location: "cpu", data: halves } as const;
    const { got, want } = await both(backend, (b) => b.upload(source));
    expect([...got]).toEqual([...want]);
    const gathered = await both(backend, (b) => {
      const weight = b.weight(source);
      const out = b.empty([2, 4]);
      b.gather(weight, Uint32Array.of(1, 0), out);
      weight.dispose();
      return out;
    });
    expect([...gathered.got]).toEqual([...gathered.want]);
  });

  test("packs matrices that take several slabs", async () => {
    const matrix = numbers(700 * 600, "large");
    const { got, want } = await both(backend, (b, up) => {
      const weight = b.weight(floats([700, 600], matrix));
      const out = b.empty([1, 700]);
      b.linear(up([1, 600], numbers(600, "x")), weight, out, 1);
      weight.dispose();
      return out;
    });
    expect(errorOf(got, want)).toBeLessThan(1e-6);
  });

  test("cosines, with zero rows", async () => {
    const a = numbers(5 * 7, "a");
    a.fill(0, 7, 14);
    const { got, want } = await both(backend, (b, up) => {
      const out = b.empty([5, 9]);
      b.similarity(up([5, 7], a), up([9, 7], numbers(63, "b")), out, 5, 9);
      return out;
    });
    expect(errorOf(got, want)).toBeLessThan(4e-7);
    expect([...got.subarray(9, 18)]).toEqual(new Array(9).fill(0));
  });

  test.each([
    [3, 8, 8, 4],
    [1, 7, 5, 2],
    [2, 3, 9, 3],
  ])("patches of %i channels, %i by %i, side %i", async (channels, height, width, patch) => {
    const inputs = channels * patch * patch;
    const count = Math.floor(height / patch) * Math.floor(width / patch);
    const { got, want } = await both(backend, (b, up) => {
      const weight = b.weight(floats([5, inputs], numbers(5 * inputs, "w")));
      const out = b.empty([count, 5]);
      const pixels = up([channels, height, width], numbers(channels * height * width, "p"));
      b.patchEmbed(pixels, weight, patch, out);
      weight.dispose();
      return out;
    });
    expect(errorOf(got, want)).toBeLessThan(6e-7);
  });
});
