import { exp } from "../shared/exp";
import { largestLane, loadLanes, storeLanes, sumLanes } from "../shared/lanes";

/**
 * Softmax of every row.
 *
 * Shapes   input [R, C]  ->  out [R, C], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Differs  a row of -Infinity alone gives zeros
 * Order    exact maximum, exponentials, a 4-lane sum with lanes (0 + 1) + (2 + 3), one product with the inverse
 * Errors   none in here: the wrapper checks shapes
 */
export function softmax(input: usize, out: usize, rows: i32, width: i32): void {
  const whole = <usize>(width & ~3) << 2;
  const rest = width & 3;
  for (let row = 0; row < rows; row++) {
    let largest = f32x4.splat(-Infinity);
    for (let at: usize = 0; at < whole; at += 16) {
      largest = f32x4.pmax(largest, v128.load(input + at));
    }
    for (let i = 0; i < rest; i++) {
      largest = f32x4.pmax(largest, v128.load32_splat(input + whole + (<usize>i << 2)));
    }
    const most = largestLane(largest);
    if (most == -Infinity) {
      fillEmpty(input, out, width);
      input += <usize>width << 2;
      out += <usize>width << 2;
      continue;
    }
    const top = f32x4.splat(most);
    let sum = f32x4.splat(0);
    for (let at: usize = 0; at < whole; at += 16) {
      const power = exp(f32x4.sub(v128.load(input + at), top));
      v128.store(out + at, power);
      sum = f32x4.add(sum, power);
    }
    if (rest > 0) {
      const power = exp(f32x4.sub(loadLanes(input + whole, rest), top));
      storeLanes(out + whole, power, rest);
      sum = f32x4.add(sum, loadLanes(out + whole, rest));
    }
    const inverse = f32x4.splat(1 / sumLanes(sum));
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(out + at, f32x4.mul(v128.load(out + at), inverse));
    }
    if (rest > 0) {
      storeLanes(out + whole, f32x4.mul(loadLanes(out + whole, rest), inverse), rest);
    }
    input += <usize>width << 2;
    out += <usize>width << 2;
  }
}

/** A row without a number above -Infinity: zeros, or NaN where there was one. */
function fillEmpty(input: usize, out: usize, width: i32): void {
  const bytes = <usize>width << 2;
  let value: f32 = 0;
  for (let at: usize = 0; at < bytes; at += 4) {
    if (load<f32>(input + at) != load<f32>(input + at)) value = NaN;
  }
  for (let at: usize = 0; at < bytes; at += 4) store<f32>(out + at, value);
}
