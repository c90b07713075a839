import { describe, expect, test } from "vitest";
import { fromOrt, toOrt } from "./ort.js";
import { createTensor, tensorFrom } from "./tensor.js";

class ForeignTensor {
  readonly location = "cpu";
  disposed = 0;
  constructor(
    readonly type: string,
    readonly data: unknown,
    readonly dims: readonly number[],
  ) {}
  dispose(): void {
    this.disposed++;
  }
}

describe("fromOrt", () => {
  test("borrows by default, owns when asked", () => {
    const foreign = new ForeignTensor("float32", Float32Array.of(1, 2, 3), [3]);
    const borrowed = fromOrt(foreign);
    expect(borrowed.data.buffer).toBe((foreign.data as Float32Array).buffer);
    borrowed.dispose();
    expect(foreign.disposed).toBe(0);
    const owned = fromOrt(foreign, { own: true });
    const view = owned.slice(0, 0, 1);
    owned.dispose();
    expect(foreign.disposed).toBe(0);
    view.dispose();
    expect(foreign.disposed).toBe(1);
  });

  test("data elsewhere is a missing capability, and is not touched", () => {
    for (const location of ["gpu-buffer", "texture", "ml-tensor", "none"]) {
      const foreign = {
        type: "float32",
        dims: [1],
        location,
        get data(): never {
          throw new RangeError("touched");
        },
      };
      expect(() => fromOrt(foreign)).toThrow(expect.objectContaining({ code: "CapabilityError" }));
    }
  });

  test("types without a counterpart are refused", () => {
    const strings = new ForeignTensor("string", ["a"], [1]);
    expect(() => fromOrt(strings)).toThrow(expect.objectContaining({ code: "DtypeError" }));
    const doubles = new ForeignTensor("float64", new Float64Array(1), [1]);
    expect(() => fromOrt(doubles)).toThrow(expect.objectContaining({ code: "DtypeError" }));
    const list = new ForeignTensor("float32", [1], [1]);
    expect(() => fromOrt(list)).toThrow(expect.objectContaining({ code: "ArgumentError" }));
  });

  test("flags are bytes", () => {
    const t = fromOrt(new ForeignTensor("bool", Uint8Array.of(1, 0), [2]));
    expect(t.type).toBe("bool");
    expect([...t.data]).toEqual([1, 0]);
  });
});

describe("toOrt", () => {
  test("a plain feed without a copy", () => {
    const t = tensorFrom(Float32Array.of(1, 2, 3, 4), [2, 2]);
    const { tensor, copied } = toOrt(t);
    expect(copied).toBe(false);
    expect(tensor).toEqual({ type: "float32", dims: [2, 2], data: t.data, location: "cpu" });
    expect(tensor.data.buffer).toBe(t.data.buffer);
  });

  test("an instance of the given module's class", () => {
    const t = tensorFrom(Float32Array.of(1, 2), [2]);
    const { tensor } = toOrt(t, { Tensor: ForeignTensor });
    expect(tensor).toBeInstanceOf(ForeignTensor);
    expect(tensor).toMatchObject({ type: "float32", dims: [2] });
  });

  test("float16 stays a plain object with its bits", () => {
    const t = tensorFrom(Uint16Array.of(0x3c00), [1]);
    const { tensor } = toOrt(t, { Tensor: ForeignTensor });
    expect(tensor).not.toBeInstanceOf(ForeignTensor);
    expect(tensor).toMatchObject({ type: "float16", data: Uint16Array.of(0x3c00) });
  });

  test("strided views and wasm memory are copied", () => {
    const t = tensorFrom(Float32Array.of(1, 2, 3, 4), [2, 2]);
    const turned = toOrt(t.permute([1, 0]));
    expect(turned.copied).toBe(true);
    expect([...(turned.tensor.data as Float32Array)]).toEqual([1, 3, 2, 4]);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const storage = {
      kind: "wasm" as const,
      get buffer() {
        return memory.buffer;
      },
      byteOffset: 16,
      byteLength: 8,
      release: () => undefined,
    };
    const inWasm = createTensor(storage, "float32", [2]);
    const fed = toOrt(inWasm);
    expect(fed.copied).toBe(true);
    expect(fed.tensor.data.buffer).not.toBe(memory.buffer);
    memory.grow(1);
    expect(fed.tensor.data).toHaveLength(2);
  });
});
