/** Growth, exhaustion and the books of the back end. */
import { type Backend, FrugalError, floats } from "@frugal/tensor";
import { expect, test } from "vitest";
import { wasm } from "../src/wasm.js";
import { numbers, open } from "./support.js";

const codeOf = (act: () => unknown): string | null => {
  try {
    act();
  } catch (error) {
    return FrugalError.is(error) ? error.code : String(error);
  }
  return null;
};

test("tensors stay what they are when the memory grows", async () => {
  const backend = await open("simd");
  const x = numbers(100, "x");
  const tensor = backend.upload(floats([10, 10], x));
  const view = tensor.slice(0, 2, 4);
  const before = view.data;
  const large = backend.empty([3_000_000]);
  expect(before.length).toBe(0); // detached
  expect([...view.data]).toEqual([...x.subarray(20, 40)]);
  expect([...(await backend.read(view, 5, 3))]).toEqual([...x.subarray(25, 28)]);
  // A tensor of this memory as a source, while the memory grows for its copy.
  const copies = Array.from({ length: 3 }, () => backend.upload(large));
  const weight = backend.weight(tensor);
  for (const one of [tensor, view, large, weight, ...copies]) one.dispose();
  expect(backend.report().allocatedBytes).toBe(0);
});

test("running out of memory is a DeviceError, and leaves the books in order", async () => {
  const backend = await wasm({ maxMemoryBytes: 4 * 1048576 });
  const run = backend.kv.create({ headWidth: 64, format: "f32" });
  expect(codeOf(() => backend.empty([2_000_000]))).toBe("DeviceError");
  expect(codeOf(() => backend.empty([2 ** 31, 2 ** 20]))).toBe("DeviceError");
  const matrix = floats([1200, 1000], new Float32Array(1_200_000));
  expect(codeOf(() => backend.weight(matrix))).toBe("DeviceError");
  const rows = backend.empty([6000, 64]);
  const append = () =>
    backend.kv.append({
      runs: [run],
      keys: rows,
      values: rows,
      firstRow: 0,
      rows: 6000,
      positions: new Int32Array(6000),
    });
  expect(codeOf(append)).toBe("DeviceError");
  expect(run.length).toBe(0);
  expect(backend.kv.byteLength()).toBe(0);
  rows.dispose();
  expect(backend.report().allocatedBytes).toBe(0);
});

test("a disposed back end refuses everything", async () => {
  const backend = await open("simd");
  const tensor = backend.empty([2, 2]);
  const weight = backend.weight(floats([2, 2], new Float32Array(4)));
  backend.dispose();
  const acts: ((one: Backend) => unknown)[] = [
    (one) => one.empty([1]),
    (one) => one.upload(floats([1])),
    (one) => one.weight(floats([1, 1])),
    (one) => one.write(tensor, new Float32Array(1)),
    (one) => one.linear(tensor, weight, tensor, 1),
    (one) => one.add(tensor, tensor, tensor, 1),
    (one) => one.kv.create({ headWidth: 4, format: "f32" }),
  ];
  for (const act of acts) expect(codeOf(() => act(backend))).toBe("StateError");
});

test("a step of one size again and again takes no more memory", async () => {
  const backend = await open("simd");
  const x = backend.upload(floats([4, 64], numbers(256, "x")));
  const out = backend.empty([4, 64]);
  const weight = backend.weight(floats([64, 64], numbers(4096, "w")), { format: "int8" });
  const indices = Uint32Array.of(1, 2, 3, 0);
  const step = (): void => {
    backend.gather(weight, indices, x);
    backend.linear(x, weight, out, 4);
    backend.similarity(x, x, backend.empty([4, 4]), 4, 4);
  };
  step();
  const { buffer } = out.data;
  const { allocatedBytes } = backend.report();
  for (let i = 0; i < 50; i++) {
    backend.gather(weight, indices, x);
    backend.linear(x, weight, out, 4);
  }
  expect(out.data.buffer).toBe(buffer);
  expect(backend.report().allocatedBytes).toBe(allocatedBytes);
});
