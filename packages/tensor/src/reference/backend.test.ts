import { describe, expect, test } from "vitest";
import type { ActivationKind, Backend } from "../backend.js";
import { keepRows } from "../sparse-rows.js";
import { floats, type Tensor, tensorFrom } from "../tensor.js";
import { erfc } from "./erf.js";
import { referenceBackend } from "./index.js";

const backend = referenceBackend();
const up = (dims: number[], numbers: readonly number[]): Tensor =>
  backend.upload(floats(dims, Float32Array.from(numbers)));
const list = (tensor: Tensor): number[] => Array.from(tensor.data as Float32Array);
const close = (tensor: Tensor, expected: readonly number[], digits = 6): void => {
  expect(tensor.data.length).toBe(expected.length);
  expected.forEach((x, i) => {
    expect(Number(tensor.data[i])).toBeCloseTo(x, digits);
  });
};

describe("memory", () => {
  test("empty is zeros, upload a copy, float16 becomes float32", async () => {
    expect(list(backend.empty([2, 2]))).toEqual([0, 0, 0, 0]);
    expect(backend.empty([2], "int32").data).toEqual(Int32Array.of(0, 0));
    const source = Float32Array.of(1, 2);
    const copy = backend.upload(floats([2], source));
    source[0] = 9;
    expect(list(copy)).toEqual([1, 2]);
    const half = backend.upload(tensorFrom(Uint16Array.of(0x3c00, 0xc000), [2]));
    expect(await backend.read(half)).toEqual(Float32Array.of(1, -2));
    expect(backend.upload(tensorFrom(Int32Array.of(5), [1])).type).toBe("int32");
  });

  test("write and read parts", async () => {
    const t = backend.empty([2, 3]);
    backend.write(t, Float32Array.of(7, 8), 2);
    expect(await backend.read(t)).toEqual(Float32Array.of(0, 0, 7, 8, 0, 0));
    const part = await backend.read(t, 2, 2);
    expect(part).toEqual(Float32Array.of(7, 8));
    backend.write(t, Float32Array.of(1), 2);
    expect(part[0]).toBe(7);
  });

  test("bytes of tensors, weights and pages come back to 0", () => {
    const own = referenceBackend();
    const t = own.empty([8, 64]);
    const view = t.slice(0, 0, 2);
    expect(own.report().allocatedBytes).toBe(2048);
    t.dispose();
    expect(own.report().allocatedBytes).toBe(2048);
    view.dispose();
    const float = own.weight(floats([4, 64]), { bias: floats([4]) });
    const coded = own.weight(floats([4, 70]), { format: "int8" });
    expect(float.byteLength).toBe(4 * 64 * 4 + 16);
    expect(coded.byteLength).toBe(4 * 70 + 4 * 3 * 4);
    expect(own.report().allocatedBytes).toBe(float.byteLength + coded.byteLength);
    float.dispose();
    float.dispose();
    coded.dispose();
    expect(own.report().allocatedBytes).toBe(0);
    expect(own.kv.byteLength()).toBe(0);
  });

  test("a disposed back end answers nothing", async () => {
    const own = referenceBackend();
    const t = own.empty([1, 1]);
    own.dispose();
    const calls: ((b: Backend) => unknown)[] = [
      (b) => b.empty([1]),
      (b) => b.upload(floats([1])),
      (b) => b.weight(floats([1, 1])),
      (b) => b.add(t, t, t, 1),
      (b) => b.kv.create({ headWidth: 2, format: "f32" }),
    ];
    for (const call of calls) expect(() => call(own)).toThrow("the back end is disposed");
    await expect(own.read(t)).rejects.toMatchObject({ code: "StateError" });
  });
});

describe("matrices", () => {
  test("linear with and without bias", () => {
    const out = backend.empty([2, 2]);
    const matrix = floats([2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
    const input = up([2, 3], [1, 0, -1, 2, 2, 2]);
    backend.linear(input, backend.weight(matrix), out, 2);
    expect(list(out)).toEqual([-2, -2, 12, 30]);
    const bias = floats([2], Float32Array.of(10, 20));
    backend.linear(input, backend.weight(matrix, { bias }), out, 1);
    expect(list(out)).toEqual([8, 18, 12, 30]);
  });

  test("int8: coded weights times coded activations, block by block", () => {
    const row = Float32Array.from({ length: 33 }, (_, i) => (i === 32 ? 254 : i + 96));
    const weight = backend.weight(floats([1, 33], row), { format: "int8", bias: floats([1]) });
    const input = new Float32Array(33).fill(1);
    input[0] = 127; // scale 1 in the first block: 1 stays 1
    const out = backend.empty([1, 1]);
    backend.linear(backend.upload(floats([1, 33], input)), weight, out, 1);
    let expected = 254; // code 127, scale 2 times code 127, scale 1 / 127
    for (let i = 0; i < 32; i++) expected += row[i]! * input[i]!;
    expect(list(out)).toEqual([expected]);
    const decoded = backend.empty([1, 33]);
    backend.gather(weight, Uint32Array.of(0), decoded);
    expect(list(decoded)).toEqual([...row]);
  });

  test("gather copies rows to a place", () => {
    const table = up([3, 2], [1, 2, 3, 4, 5, 6]);
    const out = backend.empty([4, 2]);
    backend.gather(table, Int32Array.of(2, 0), out, 1);
    expect(list(out)).toEqual([0, 0, 5, 6, 1, 2, 0, 0]);
  });

  test("similarity: cosines, 0 for a zero row", () => {
    const out = backend.empty([2, 3]);
    backend.similarity(up([2, 2], [3, 4, 0, 0]), up([3, 2], [3, 4, -8, 6, -3, -4]), out, 2, 3);
    expect(list(out)).toEqual([1, 0, -1, 0, 0, 0]);
  });

  test("patches go row by row, channel by channel; a rest is left out", () => {
    const pixels = up(
      [2, 2, 5],
      Array.from({ length: 20 }, (_, i) => i),
    );
    const identity = new Float32Array(64);
    for (let i = 0; i < 8; i++) identity[i * 9] = 1;
    const out = backend.empty([2, 8]);
    backend.patchEmbed(pixels, backend.weight(floats([8, 8], identity)), 2, out);
    expect(list(out)).toEqual([0, 1, 5, 6, 10, 11, 15, 16, 2, 3, 7, 8, 12, 13, 17, 18]);
  });

  test("sparse rows: copies bit for bit, sums the rest", () => {
    const input = up([2, 2], [-0, Number.NaN, 4, 8]);
    const out = backend.empty([3, 2]);
    const map = {
      ...keepRows([0, 1, 1], 2),
      weights: Float32Array.of(1, 0.5, 1),
    };
    backend.sparseRows(map, input, out);
    expect(list(out)).toEqual([-0, Number.NaN, 2, 4, 4, 8]);
  });
});

describe("rows", () => {
  test("norms", () => {
    const out = backend.empty([1, 2]);
    backend.rmsNorm(up([1, 2], [3, 4]), up([2], [1, 2]), 0, out, 1);
    close(out, [3 / Math.sqrt(12.5), 8 / Math.sqrt(12.5)]);
    backend.layerNorm(up([1, 2], [3, 5]), up([2], [1, 2]), up([2], [10, 20]), 0, out, 1);
    close(out, [9, 22]);
    backend.layerNorm(up([1, 2], [3, 5]), up([2], [1, 1]), up([2], [0, 0]), 3, out, 1);
    close(out, [-0.5, 0.5]);
  });

  test("rope turns halves apart, every head alike", () => {
    const heads = up([1, 8], [1, 2, 3, 4, 5, 6, 7, 8]);
    backend.rope(heads, up([1, 4], [0, 1, 1, 0]), 2, 1);
    expect(list(heads)).toEqual([-3, 2, 1, 4, -7, 6, 5, 8]);
  });

  test("activations", () => {
    const input = up([1, 3], [-1, 0, 2]);
    const expected: Record<ActivationKind, number[]> = {
      silu: [-0.2689414, 0, 1.7615942],
      gelu: [-0.1586553, 0, 1.9544997],
      geluTanh: [-0.158808, 0, 1.9545977],
      quickGelu: [-0.1542039, 0, 1.9356586],
      relu: [0, 0, 2],
    };
    for (const [kind, values] of Object.entries(expected)) {
      const out = backend.empty([1, 3]);
      backend.activation(kind as ActivationKind, input, out, 1);
      close(out, values);
    }
  });

  test("pointwise operations work in place and on leading rows only", () => {
    const t = up([2, 2], [1, 2, 3, 4]);
    backend.add(t, t, t, 1);
    expect(list(t)).toEqual([2, 4, 3, 4]);
    backend.multiply(t, t, t, 2);
    expect(list(t)).toEqual([4, 16, 9, 16]);
    backend.scale(t, 0.5, t, 2);
    expect(list(t)).toEqual([2, 8, 4.5, 8]);
    backend.softCap(t, 8, t, 1);
    close(t, [8 * Math.tanh(0.25), 8 * Math.tanh(1), 4.5, 8]);
  });

  test("softmax, also of large numbers and of nothing", () => {
    const out = backend.empty([3, 2]);
    backend.softmax(up([3, 2], [1000, 1000, 0, -Infinity, -Infinity, -Infinity]), out, 3);
    expect(list(out)).toEqual([0.5, 0.5, 1, 0, 0, 0]);
  });

  test("argmax and topk: ties to the lower index, NaN last", () => {
    const input = up([2, 3], [1, 3, 3, Number.NaN, -Infinity, 0]);
    const best = backend.empty([2, 1], "int32");
    backend.argmax(input, best, 2);
    expect([...(best.data as Int32Array)]).toEqual([1, 2]);
    const indices = backend.empty([2, 3], "int32");
    const values = backend.empty([2, 3]);
    backend.topk(input, 3, indices, values, 2);
    expect([...(indices.data as Int32Array)]).toEqual([1, 2, 0, 2, 1, 0]);
    expect(list(values)).toEqual([3, 3, 1, 0, -Infinity, Number.NaN]);
  });
});

test("erfc against tables", () => {
  const known: [number, number][] = [
    [0, 1],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2.9, 0.00004109787809945847],
    [3.1, 0.00001164865736738366],
    [6, 2.1519736712498913e-17],
    [-1, 1.8427007929497148],
  ];
  for (const [x, expected] of known) {
    expect(Math.abs(erfc(x) / expected - 1)).toBeLessThan(1e-10);
  }
  expect(erfc(-40)).toBe(2);
  expect(erfc(40)).toBe(0);
  expect(erfc(Number.NaN)).toBeNaN();
});
