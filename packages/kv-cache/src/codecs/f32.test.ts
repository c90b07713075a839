import { floats } from "@frugal/tensor";
import { expect, test } from "vitest";
import { f32 } from "./f32.js";

test("gives every bit back, whatever the bytes' offset", () => {
  const data = Float32Array.of(1.5, -0, Number.NaN, -Infinity, 1e-45, 3);
  const bytes = f32().encode(floats([2, 3], data), "key");
  const moved = new Uint8Array(bytes.length + 1);
  moved.set(bytes, 1);
  const decoded = f32().decode(moved.subarray(1), 2, 3, "key");
  expect(decoded).toEqual(data);
  expect(Object.is(decoded[1], -0)).toBe(true);
});

test("refuses vectors that are no matrix and bytes of another length", () => {
  expect(() => f32().encode(floats([6]), "key")).toThrow("f32");
  expect(() => f32().decode(new Uint8Array(23), 2, 3, "key")).toThrow("23 bytes");
});
