/**
 * Whether this host runs a build, by validation and by calculation: a host may accept instructions it gets wrong.
 *
 * Errors   none: what is wrong comes back as a sentence, null when nothing is
 */
import type { Kernels } from "./kernels.js";
import type { Build } from "./load.js";

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
/** (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd ...)) */
const RELAXED = [
  ...[1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11],
];
/** (func (param v128 v128) (result v128) (f32x4.add ...)) */
const SIMD = [
  ...[1, 7, 1, 96, 2, 123, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 11, 1, 9, 0, 32, 0, 32, 1, 253, 228, 1, 11],
];

export function missingInstructions(build: Build): string | null {
  const body = build === "relaxed" ? RELAXED : SIMD;
  if (WebAssembly.validate(Uint8Array.from([...HEADER, ...body]))) return null;
  return build === "relaxed" ? "this host has no relaxed SIMD" : "this host has no SIMD";
}

const ROWS = 7;
const WIDTH = 9;
const OUTPUTS = 37;

/**
 * A product with a bias in every tile (4, 2 and 1 rows; 4, 2 and 1 blocks), compared with a plain loop. Small integers:
 * every build must give them exactly. `at` is the byte offset of 16 KiB that the probe may use.
 */
export function miscalculation(
  kernels: Kernels,
  memory: WebAssembly.Memory,
  at: number,
): string | null {
  const blocks = Math.ceil(OUTPUTS / 8);
  const floats = new Float32Array(memory.buffer, at, 4096);
  const [matrix, bias, input, packed, out] = [0, 400, 464, 544, 1024];
  for (let i = 0; i < OUTPUTS * WIDTH; i++) floats[matrix + i] = ((i * 7) % 23) - 11;
  for (let i = 0; i < blocks * 8; i++) floats[bias + i] = 100 - i;
  for (let i = 0; i < ROWS * WIDTH; i++) floats[input + i] = ((i * 5) % 13) - 6;
  const address = (index: number): number => at + index * 4;
  kernels.packF32(address(matrix), address(packed), OUTPUTS, WIDTH);
  kernels.linearF32(
    address(packed),
    address(bias),
    address(input),
    address(out),
    ROWS,
    WIDTH,
    OUTPUTS,
  );
  for (let row = 0; row < ROWS; row++) {
    for (let n = 0; n < OUTPUTS; n++) {
      let sum = floats[bias + n]!;
      for (let k = 0; k < WIDTH; k++) {
        sum += floats[input + row * WIDTH + k]! * floats[matrix + n * WIDTH + k]!;
      }
      const got = floats[out + row * OUTPUTS + n];
      if (got !== sum) return `a product came out as ${got} instead of ${sum}`;
    }
  }
  return null;
}
