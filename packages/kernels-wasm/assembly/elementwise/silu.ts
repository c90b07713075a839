import { loadLanes, storeLanes } from "../shared/lanes";
import { sigmoidTimes } from "../shared/sigmoid";

/**
 * out = input / (1 + e^-input).
 *
 * Shapes   input [n]  ->  out [n], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function silu(input: usize, out: usize, count: i32): void {
  const end = out + (<usize>(count & ~3) << 2);
  while (out < end) {
    v128.store(out, sigmoidTimes(v128.load(input), f32x4.neg(v128.load(input))));
    input += 16;
    out += 16;
  }
  const rest = count & 3;
  if (rest > 0) storeLanes(out, sigmoidTimes(loadLanes(input, rest), f32x4.neg(loadLanes(input, rest))), rest);
}
