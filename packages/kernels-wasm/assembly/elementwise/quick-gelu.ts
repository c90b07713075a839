import { loadLanes, storeLanes } from "../shared/lanes";
import { sigmoidTimes } from "../shared/sigmoid";

/**
 * out = input / (1 + e^(-1.702 input)).
 *
 * Shapes   input [n]  ->  out [n], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function quickGelu(input: usize, out: usize, count: i32): void {
  const end = out + (<usize>(count & ~3) << 2);
  while (out < end) {
    v128.store(out, sigmoidTimes(v128.load(input), f32x4.mul(v128.load(input), f32x4.splat(-1.702))));
    input += 16;
    out += 16;
  }
  const rest = count & 3;
  if (rest > 0) storeLanes(out, sigmoidTimes(loadLanes(input, rest), f32x4.mul(loadLanes(input, rest), f32x4.splat(-1.702))), rest);
}
