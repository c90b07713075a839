import { floats } from "@frugal/tensor";
import { opsRules } from "@frugal/tensor/conformance";
import { expect, test } from "vitest";
import { wasmOps } from "./ops.js";

for (const rule of opsRules(() => wasmOps({ build: "simd" }))) test(rule.name, rule.check);

test("a later, larger call does not change an earlier result", async () => {
  const ops = await wasmOps({ build: "simd" });
  const first = ops.matmul(
    floats([1, 2], Float32Array.of(1, 2)),
    floats([2, 1], Float32Array.of(3, 4)),
  );
  ops.matmul(floats([600, 600]), floats([600, 600]));
  expect([...first.data]).toEqual([11]);
});
