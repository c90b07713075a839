import { expect, test } from "vitest";
import type { Kernels } from "./kernels.js";
import { miscalculation, missingInstructions } from "./probe.js";

/** A host that computes in plain loops; `wrong` spoils one output. */
function host(memory: WebAssembly.Memory, wrong: boolean): Kernels {
  const floats = new Float32Array(memory.buffer);
  const plain: Pick<Kernels, "packF32" | "linearF32"> = {
    packF32: (rows, packed, count, width) =>
      floats.copyWithin(packed / 4, rows / 4, rows / 4 + count * width),
    linearF32(weights, bias, input, out, rows, width, outputs) {
      for (let r = 0; r < rows; r++) {
        for (let n = 0; n < outputs; n++) {
          let sum = wrong && n === outputs - 1 ? 0 : floats[bias / 4 + n]!;
          for (let k = 0; k < width; k++) {
            sum += floats[weights / 4 + n * width + k]! * floats[input / 4 + r * width + k]!;
          }
          floats[out / 4 + r * outputs + n] = sum;
        }
      }
    },
  };
  return plain as Kernels;
}

test("accepts a host that calculates right", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  expect(miscalculation(host(memory, false), memory, 1024)).toBeNull();
});

test("names the product of a host that drops its accumulator", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  expect(miscalculation(host(memory, true), memory, 1024)).toMatch(/^a product came out as -?\d+/);
});

test("this host has SIMD", () => {
  expect(missingInstructions("simd")).toBeNull();
});
