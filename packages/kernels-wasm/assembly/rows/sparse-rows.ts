import { loadLanes, storeLanes } from "../shared/lanes";
import { madd } from "../shared/madd";

/**
 * out[r] = weighted sum of input rows.
 *
 * Shapes   starts [M + 1], sources [E] i32, weights [E] f32, input [N, C]  ->  out [M, C], apart from the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Order    sources in the order of the map; one source of weight 1 is copied bit for bit; no source gives zeros
 * Errors   none in here: the wrapper checks the map
 */
export function sparseRows(
  starts: usize,
  sources: usize,
  weights: usize,
  input: usize,
  out: usize,
  rows: i32,
  width: i32,
): void {
  const rowBytes = <usize>width << 2;
  const whole = rowBytes & ~15;
  const rest = width & 3;
  for (let row = 0; row < rows; row++) {
    const begin = load<i32>(starts + (<usize>row << 2));
    const end = load<i32>(starts + (<usize>row << 2), 4);
    const first = <usize>begin << 2;
    if (end == begin + 1 && load<f32>(weights + first) == 1) {
      memory.copy(out, input + <usize>load<i32>(sources + first) * rowBytes, rowBytes);
    } else {
      const last = <usize>end << 2;
      for (let at: usize = 0; at < whole; at += 16) {
        let sum = f32x4.splat(0);
        for (let entry = first; entry < last; entry += 4) {
          const from = input + <usize>load<i32>(sources + entry) * rowBytes + at;
          sum = madd(v128.load32_splat(weights + entry), v128.load(from), sum);
        }
        v128.store(out + at, sum);
      }
      if (rest > 0) {
        let sum = f32x4.splat(0);
        for (let entry = first; entry < last; entry += 4) {
          const from = input + <usize>load<i32>(sources + entry) * rowBytes + whole;
          sum = madd(v128.load32_splat(weights + entry), loadLanes(from, rest), sum);
        }
        storeLanes(out + whole, sum, rest);
      }
    }
    out += rowBytes;
  }
}
