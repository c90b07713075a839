import { loadLanes, storeLanes, sumLanes } from "../shared/lanes";
import { madd } from "../shared/madd";

/**
 * out = (input - mean) / sqrt(variance + epsilon) * gain + bias, row by row.
 *
 * Shapes   input [R, C], gain [C], bias [C]  ->  out [R, C], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Order    the mean first, then the squares of the differences: 4-lane sums, lanes (0 + 1) + (2 + 3)
 * Errors   none in here: the wrapper checks shapes
 */
export function layerNorm(
  input: usize,
  gain: usize,
  bias: usize,
  out: usize,
  rows: i32,
  width: i32,
  epsilon: f64,
): void {
  const whole = <usize>(width & ~3) << 2;
  const rest = width & 3;
  for (let row = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) sum = f32x4.add(sum, v128.load(input + at));
    if (rest > 0) sum = f32x4.add(sum, loadLanes(input + whole, rest));
    const mean = f32x4.splat(<f32>(<f64>sumLanes(sum) / <f64>width));
    let squares = f32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) {
      const difference = f32x4.sub(v128.load(input + at), mean);
      squares = madd(difference, difference, squares);
    }
    for (let i = 0; i < rest; i++) {
      const difference = f32x4.sub(v128.load32_zero(input + whole + (<usize>i << 2)), mean);
      squares = madd(difference, v128.and(difference, i32x4(-1, 0, 0, 0)), squares);
    }
    const variance = <f64>sumLanes(squares) / <f64>width;
    const factor = f32x4.splat(<f32>(1 / Math.sqrt(variance + epsilon)));
    for (let at: usize = 0; at < whole; at += 16) {
      const scaled = f32x4.mul(f32x4.sub(v128.load(input + at), mean), factor);
      v128.store(out + at, madd(scaled, v128.load(gain + at), v128.load(bias + at)));
    }
    if (rest > 0) {
      const scaled = f32x4.mul(f32x4.sub(loadLanes(input + whole, rest), mean), factor);
      const shifted = madd(scaled, loadLanes(gain + whole, rest), loadLanes(bias + whole, rest));
      storeLanes(out + whole, shifted, rest);
    }
    input += <usize>width << 2;
    out += <usize>width << 2;
  }
}
