import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CpuStorage } from "./storage.js";
import {
  createTensor,
  floats,
  isTensor,
  referencesOf,
  storageOf,
  type Tensor,
  tensorFrom,
} from "./tensor.js";

/** A storage over memory that can grow, as wasm memory does, and that counts its releases. */
function growing(floatCount: number): CpuStorage & { grow(): void; released: number } {
  let buffer = new ArrayBuffer(8 + 4 * floatCount);
  return {
    kind: "wasm",
    get buffer() {
      return buffer;
    },
    byteOffset: 8,
    byteLength: 4 * floatCount,
    released: 0,
    release() {
      this.released++;
    },
    grow() {
      buffer = structuredClone(buffer, { transfer: [buffer] });
    },
  };
}

const counting = (length: number) => Float32Array.from({ length }, (_, i) => i);

describe("views", () => {
  test("slice, permute and reshape share the elements", () => {
    const t = tensorFrom(counting(24), [2, 3, 4]);
    expect(t.strides).toEqual([12, 4, 1]);
    const tail = t.slice(0, 1, 2);
    expect([...tail.data]).toEqual([...counting(24).slice(12)]);
    t.data[13] = 99;
    expect(tail.data[1]).toBe(99);
    expect(tail.reshape([12]).dims).toEqual([12]);
    const turned = t.permute([2, 0, 1]);
    expect(turned.dims).toEqual([4, 2, 3]);
    expect(turned.isContiguous).toBe(false);
    expect([...turned.slice(0, 1, 2).contiguous().data]).toEqual([1, 5, 9, 99, 17, 21]);
  });

  test("data has exactly the view's elements and is cached", () => {
    const t = tensorFrom(counting(10), [5, 2]);
    const rows = t.slice(0, 1, 3);
    expect(rows.data).toHaveLength(4);
    expect(rows.data).toBe(rows.data);
    expect(rows.data.byteOffset).toBe(8);
    expect(t.slice(0, 5, 5).data).toHaveLength(0);
  });

  test("strided copies agree with indexing by hand", () => {
    const shape = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shape, fc.nat(), fc.nat(), (dims, which, seed) => {
        const size = dims.reduce((a, b) => a * b, 1);
        const axis = which % dims.length;
        const start = seed % (dims[axis]! + 1);
        const order = dims.map((_, i) => (i + which) % dims.length);
        using t = tensorFrom(counting(size), dims);
        const view = t.slice(axis, start, dims[axis]!).permute(order);
        const expected: number[] = [];
        const index = new Array<number>(dims.length).fill(0);
        const walk = (depth: number): void => {
          if (depth === dims.length) {
            let at = 0;
            for (let i = 0; i < dims.length; i++) {
              at += (index[i]! + (order[i] === axis ? start : 0)) * t.strides[order[i]!]!;
            }
            expected.push(at);
            return;
          }
          for (index[depth] = 0; index[depth]! < view.dims[depth]!; index[depth]!++) {
            walk(depth + 1);
          }
        };
        walk(0);
        expect([...view.contiguous().data]).toEqual(expected);
      }),
    );
  });

  test("contiguous of a contiguous tensor is the same memory", () => {
    const t = tensorFrom(counting(4), [2, 2]);
    const again = t.contiguous();
    expect(again.data.buffer).toBe(t.data.buffer);
    expect(referencesOf(t)).toBe(2);
  });

  test("an axis of extent 1 does not make a view strided", () => {
    const t = tensorFrom(counting(6), [3, 2]);
    expect(t.slice(0, 1, 2).permute([1, 0]).isContiguous).toBe(true);
    expect(t.slice(1, 0, 1).isContiguous).toBe(false);
    expect(t.slice(1, 0, 0).isContiguous).toBe(true);
  });
});

describe("references", () => {
  test("the storage is released once, with the last handle", () => {
    const storage = growing(6);
    const t = createTensor(storage, "float32", [2, 3]);
    const handles = [t.slice(0, 0, 1), t.permute([1, 0]), t.reshape([6]), t.retain()];
    expect(referencesOf(t)).toBe(5);
    t.dispose();
    t.dispose();
    for (const handle of handles) {
      expect(storage.released).toBe(0);
      handle.dispose();
      expect(handle.isDisposed).toBe(true);
    }
    expect(storage.released).toBe(1);
    expect(t.isDisposed).toBe(true);
  });

  test("using disposes", () => {
    const storage = growing(1);
    {
      using t = createTensor(storage, "float32", [1]);
      expect(t.isDisposed).toBe(false);
    }
    expect(storage.released).toBe(1);
  });

  test("a disposed handle answers nothing, its siblings do", () => {
    const t = tensorFrom(counting(4), [2, 2]);
    const view = t.slice(0, 1, 2);
    t.dispose();
    expect([...view.data]).toEqual([2, 3]);
    const uses: ((t: Tensor) => unknown)[] = [
      (x) => x.data,
      (x) => x.slice(0, 0, 1),
      (x) => x.permute([1, 0]),
      (x) => x.reshape([4]),
      (x) => x.contiguous(),
      (x) => x.retain(),
    ];
    for (const use of uses) {
      expect(() => use(t)).toThrow(expect.objectContaining({ code: "StateError" }));
    }
  });
});

describe("memory that grows", () => {
  test("data is derived anew after growth and kept until then", () => {
    const storage = growing(4);
    const t = createTensor(storage, "float32", [2, 2]);
    const before = t.data;
    before[3] = 7;
    expect(t.data).toBe(before);
    storage.grow();
    expect(t.data.buffer).not.toBe(before.buffer);
    expect(t.data[3]).toBe(7);
    expect(t.data.byteOffset).toBe(8);
  });

  test("memory that was given away is told", () => {
    const data = counting(4);
    const t = tensorFrom(data, [4]);
    expect(t.data[1]).toBe(1);
    structuredClone(data.buffer, { transfer: [data.buffer] });
    expect(() => t.data).toThrow("transferred away");
  });
});

describe("making", () => {
  test("every element type has its array", () => {
    const arrays = [
      [new Float32Array(2), "float32"],
      [new Uint16Array(2), "float16"],
      [new Int32Array(2), "int32"],
      [new Uint32Array(2), "uint32"],
      [new BigInt64Array(2), "int64"],
      [new Int8Array(2), "int8"],
      [new Uint8Array(2), "uint8"],
    ] as const;
    for (const [array, type] of arrays) {
      const t = tensorFrom(array, [2]);
      expect(t.type).toBe(type);
      expect(t.data).toEqual(array);
      expect(t.data.buffer).toBe(array.buffer);
      expect(t.location).toBe("cpu");
    }
    expect(tensorFrom(Uint8Array.of(1, 0), [2], "bool").type).toBe("bool");
    expect(tensorFrom([1, 2.5], [2]).data).toEqual(Float32Array.of(1, 2.5));
    expect(tensorFrom([1, 2], [2], "int32").data).toEqual(Int32Array.of(1, 2));
  });

  test("a subarray is borrowed where it lies", () => {
    const data = counting(8);
    const t = tensorFrom(data.subarray(2, 6), [2, 2]);
    t.data[0] = -1;
    expect(data[2]).toBe(-1);
    expect(storageOf(t)).toMatchObject({ kind: "array", byteOffset: 8, byteLength: 16 });
  });

  test("floats are plain objects", () => {
    expect(floats([2, 2])).toEqual({
      type: "float32",
      dims: [2, 2],
      location: "cpu",
      data: new Float32Array(4),
    });
    expect(() => floats([3], new Float32Array(2))).toThrow("shape must be [3]; got [2]");
  });

  test("the brand tells tensors of any copy of the package", () => {
    expect(isTensor(tensorFrom(counting(1), [1]))).toBe(true);
    expect(isTensor({ [Symbol.for("frugal.tensor/v1")]: null })).toBe(true);
    expect(isTensor(floats([1]))).toBe(false);
    expect(isTensor(null)).toBe(false);
  });
});

describe("what does not fit is refused", () => {
  const storage: CpuStorage = growing(4);
  test.each<[string, () => unknown, string]>([
    ["dims", () => createTensor(storage, "float32", [-1]), "ArgumentError"],
    ["dims", () => createTensor(storage, "float32", [1.5]), "ArgumentError"],
    ["dims", () => createTensor(storage, "float32", [2 ** 40, 2 ** 40]), "ArgumentError"],
    ["type", () => createTensor(storage, "float64" as never, [1]), "DtypeError"],
    ["room", () => createTensor(storage, "float32", [5]), "ArgumentError"],
    ["room of strides", () => createTensor(storage, "float32", [2, 2], [3, 1]), "ArgumentError"],
    ["offset", () => createTensor(storage, "float32", [2], [1], 3), "ArgumentError"],
    ["offset", () => createTensor(storage, "float32", [2], [1], -1), "ArgumentError"],
    ["stride 0", () => createTensor(storage, "float32", [4], [0]), "ArgumentError"],
    ["stride", () => createTensor(storage, "float32", [4], [Number.NaN]), "ArgumentError"],
    ["strides", () => createTensor(storage, "float32", [4], [1, 1]), "ShapeError"],
    ["length", () => tensorFrom(counting(3), [4]), "ShapeError"],
    ["other type", () => tensorFrom(counting(4), [4], "int32"), "DtypeError"],
    ["float64", () => tensorFrom(new Float64Array(4), [4]), "DtypeError"],
    ["int64 of numbers", () => tensorFrom([1], [1], "int64"), "DtypeError"],
    ["axis", () => tensorFrom(counting(4), [4]).slice(1, 0, 1), "ArgumentError"],
    ["end", () => tensorFrom(counting(4), [4]).slice(0, 0, 5), "ArgumentError"],
    ["start", () => tensorFrom(counting(4), [4]).slice(0, 3, 2), "ArgumentError"],
    ["order", () => tensorFrom(counting(4), [2, 2]).permute([0, 0]), "ArgumentError"],
    ["reshape", () => tensorFrom(counting(4), [4]).reshape([3]), "ShapeError"],
    [
      "reshape of a view",
      () => tensorFrom(counting(4), [2, 2]).permute([1, 0]).reshape([4]),
      "StateError",
    ],
    ["data of a view", () => tensorFrom(counting(4), [2, 2]).permute([1, 0]).data, "StateError"],
  ])("%s", (_, make, code) => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });

  test("a storage at an odd byte", () => {
    const odd = { ...growing(2), byteOffset: 2 };
    expect(() => createTensor(odd, "float32", [1])).toThrow("byteOffset must be a multiple of 4");
  });
});
