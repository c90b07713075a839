import { loadLanes, storeLanes, sumLanes } from "../shared/lanes";
import { madd } from "../shared/madd";

/**
 * out = input / sqrt(mean(input^2) + epsilon) * gain, row by row.
 *
 * Shapes   input [R, C], gain [C]  ->  out [R, C], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Order    two 4-lane sums of squares in turn, their sum, lanes (0 + 1) + (2 + 3); root and quotient in f64
 * Errors   none in here: the wrapper checks shapes
 */
export function rmsNorm(
  input: usize,
  gain: usize,
  out: usize,
  rows: i32,
  width: i32,
  epsilon: f64,
): void {
  const whole = <usize>(width & ~3) << 2;
  const paired = <usize>(width & ~7) << 2;
  const rest = width & 3;
  for (let row = 0; row < rows; row++) {
    let even = f32x4.splat(0);
    let odd = f32x4.splat(0);
    let at: usize = 0;
    for (; at < paired; at += 32) {
      const a = v128.load(input + at);
      const b = v128.load(input + at, 16);
      even = madd(a, a, even);
      odd = madd(b, b, odd);
    }
    if (at < whole) {
      const a = v128.load(input + at);
      even = madd(a, a, even);
    }
    if (rest > 0) {
      const a = loadLanes(input + whole, rest);
      odd = madd(a, a, odd);
    }
    const mean = <f64>sumLanes(f32x4.add(even, odd)) / <f64>width;
    const factor = f32x4.splat(<f32>(1 / Math.sqrt(mean + epsilon)));
    for (at = 0; at < whole; at += 16) {
      v128.store(out + at, f32x4.mul(f32x4.mul(v128.load(input + at), factor), v128.load(gain + at)));
    }
    if (rest > 0) {
      const scaled = f32x4.mul(loadLanes(input + whole, rest), factor);
      storeLanes(out + whole, f32x4.mul(scaled, loadLanes(gain + whole, rest)), rest);
    }
    input += <usize>width << 2;
    out += <usize>width << 2;
  }
}
