import { loadLanes, storeLanes } from "../shared/lanes";
import { tanh } from "../shared/tanh";

/**
 * out = cap tanh(input / cap).
 *
 * Shapes   input [n]  ->  out [n], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function softCap(input: usize, out: usize, count: i32, cap: f32): void {
  const end = out + (<usize>(count & ~3) << 2);
  const caps = f32x4.splat(cap);
  while (out < end) {
    v128.store(out, f32x4.mul(tanh(f32x4.div(v128.load(input), caps)), caps));
    input += 16;
    out += 16;
  }
  const rest = count & 3;
  if (rest > 0) storeLanes(out, f32x4.mul(tanh(f32x4.div(loadLanes(input, rest), caps)), caps), rest);
}
