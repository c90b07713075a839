import { linearF32Rows1 } from "./linear-f32-rows1";
import { linearF32Rows2 } from "./linear-f32-rows2";
import { linearF32Rows4 } from "./linear-f32-rows4";

/**
 * out[r] = W input[r] + bias over f32 weights, in tiles of 4, 2 and 1 rows.
 *
 * Shapes   weights [ceil(N/8)][K][8], bias [8 ceil(N/8)] (zeros where none), input [R, K]  ->  out [R, N]
 * Units    pointers are byte offsets; weights and bias 16-byte aligned, the others 4-byte
 * Cost     O(R N K); weights are read once in R / 4 tiles, from cache after the first
 * Order    one sum an output, from the bias on, k ascending, the same multiply-add in every tile
 * Errors   none in here: the wrapper checks shapes
 */
export function linearF32(
  weights: usize,
  bias: usize,
  input: usize,
  out: usize,
  rows: i32,
  width: i32,
  outputs: i32,
): void {
  const blocks = (outputs + 7) >> 3;
  const pass = max(4, (PASS_BYTES / max(1, width << 5)) & ~3);
  for (let from = 0; from < blocks; from += pass) {
    const to = min(blocks, from + pass);
    let x = input;
    let y = out;
    let row = 0;
    for (; row + 4 <= rows; row += 4) {
      linearF32Rows4(weights, bias, x, y, width, outputs, from, to);
      x += <usize>width << 4;
      y += <usize>outputs << 4;
    }
    if (row + 2 <= rows) {
      linearF32Rows2(weights, bias, x, y, width, outputs, from, to);
      x += <usize>width << 3;
      y += <usize>outputs << 3;
      row += 2;
    }
    if (row < rows) linearF32Rows1(weights, bias, x, y, width, outputs, from, to);
  }
}

/** Weights that one pass over all rows reads: they stay in a second-level cache. */
const PASS_BYTES: i32 = 98304;
