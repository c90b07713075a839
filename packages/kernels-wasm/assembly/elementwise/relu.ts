import { loadLanes, storeLanes } from "../shared/lanes";

/**
 * out = max(input, 0); NaN stays NaN.
 *
 * Shapes   input [n]  ->  out [n], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function relu(input: usize, out: usize, count: i32): void {
  const end = out + (<usize>(count & ~3) << 2);
  while (out < end) {
    v128.store(out, f32x4.max(v128.load(input), f32x4.splat(0)));
    input += 16;
    out += 16;
  }
  const rest = count & 3;
  if (rest > 0) storeLanes(out, f32x4.max(loadLanes(input, rest), f32x4.splat(0)), rest);
}
