import { loadLanes, storeLanes } from "../shared/lanes";

/**
 * out = factor * input.
 *
 * Shapes   input [n]  ->  out [n], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function scale(input: usize, out: usize, count: i32, factor: f32): void {
  const end = out + (<usize>(count & ~3) << 2);
  const factors = f32x4.splat(factor);
  while (out < end) {
    v128.store(out, f32x4.mul(v128.load(input), factors));
    input += 16;
    out += 16;
  }
  const rest = count & 3;
  if (rest > 0) storeLanes(out, f32x4.mul(loadLanes(input, rest), factors), rest);
}
