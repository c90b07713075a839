import { linearInt8Rows1 } from "./linear-int8-rows1";
import { linearInt8Rows4 } from "./linear-int8-rows4";
import { codeRows } from "./code-rows";

/**
 * out[r] = W input[r] + bias over int8 weights; activations are coded row by row first.
 *
 * Shapes   weights as `packInt8` says, bias [8 ceil(N/8)], input [R, K]  ->  out [R, N];
 *          scratch: codes [R][ceil(K/32)][32] i16, scales [R][ceil(K/32)] f32
 * Units    pointers are byte offsets; weights, bias and scratch 16-byte aligned
 * Cost     O(R N K)
 * Order    exact integers within a block of 32; one f32 sum an output over blocks, ascending, from the bias on
 * Errors   none in here: the wrapper checks shapes
 */
export function linearInt8(
  weights: usize,
  bias: usize,
  input: usize,
  out: usize,
  rows: i32,
  width: i32,
  outputs: i32,
  scratch: usize,
): void {
  const blocks = (width + 31) >> 5;
  const scales = scratch + (<usize>(rows * blocks) << 6);
  codeRows(input, scratch, scales, rows, width);
  const groups = (outputs + 3) >> 2;
  const pass = max(4, (PASS_BYTES / max(1, blocks * 144)) & ~3);
  const codeBytes = <usize>blocks << 6;
  for (let from = 0; from < groups; from += pass) {
    const to = min(groups, from + pass);
    let row = 0;
    let x = scratch;
    let s = scales;
    let y = out;
    for (; row + 4 <= rows; row += 4) {
      linearInt8Rows4(weights, bias, x, s, y, blocks, outputs, from, to);
      x += codeBytes << 2;
      s += <usize>blocks << 4;
      y += <usize>outputs << 4;
    }
    for (; row < rows; row++) {
      linearInt8Rows1(weights, bias, x, s, y, blocks, outputs, from, to);
      x += codeBytes;
      s += <usize>blocks << 2;
      y += <usize>outputs << 2;
    }
  }
}

/** Weights that one pass over all rows reads: they stay in a second-level cache. */
const PASS_BYTES: i32 = 98304;
