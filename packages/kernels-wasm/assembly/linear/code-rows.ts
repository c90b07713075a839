import { codeOf, largestSize } from "../shared/codes";

/**
 * Codes rows of activations in blocks of 32 along K, as 16-bit numbers for a product of pairs.
 *
 * Shapes   input [R, K] f32  ->  codes [R][ceil(K/32)][32] i16 (0 past K), scales [R][ceil(K/32)] f32
 * Units    scale = largest size of the block / 127, codes -127..127, half to even
 * Cost     O(R K), once a call of `linearInt8`
 * Errors   none in here: the wrapper checks shapes
 */
export function codeRows(input: usize, codes: usize, scales: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k += 32) {
      const count = min(32, width - k);
      if (count == 32) {
        codeBlock(input, codes, scales);
        input += 128;
      } else {
        const scale = largestSize(input, input + (<usize>count << 2)) / 127;
        store<f32>(scales, scale);
        memory.fill(codes, 0, 64);
        for (let i = 0; i < count; i++) {
          store<i16>(codes + (<usize>i << 1), codeOf(load<f32>(input), scale));
          input += 4;
        }
      }
      codes += 64;
      scales += 4;
    }
  }
}

/** A whole block: the same codes as `codeOf`, eight at a time. */
// @ts-ignore: decorator
@inline
function codeBlock(input: usize, codes: usize, scales: usize): void {
  let largest = f32x4.splat(0);
  for (let at: usize = 0; at < 128; at += 16) {
    largest = f32x4.pmax(largest, f32x4.abs(v128.load(input + at)));
  }
  const half = f32x4.pmax(largest, i32x4.shuffle(largest, largest, 2, 3, 0, 1));
  const top = f32x4.pmax(half, i32x4.shuffle(half, half, 1, 0, 3, 2));
  const scale = f32x4.extract_lane(top, 0) / 127;
  store<f32>(scales, scale);
  if (scale == 0) {
    memory.fill(codes, 0, 64);
    return;
  }
  const divisor = f32x4.splat(scale);
  const limit = f32x4.splat(127);
  const least = f32x4.splat(-127);
  for (let i: usize = 0; i < 4; i++) {
    const from = input + (i << 5);
    let a = f32x4.nearest(f32x4.div(v128.load(from), divisor));
    let b = f32x4.nearest(f32x4.div(v128.load(from, 16), divisor));
    // The bound comes second, so that NaN passes through to the conversion, which makes it 0.
    a = f32x4.pmax(f32x4.pmin(a, limit), least);
    b = f32x4.pmax(f32x4.pmin(b, limit), least);
    const narrow = i16x8.narrow_i32x4_s(
      i32x4.trunc_sat_f32x4_s(a),
      i32x4.trunc_sat_f32x4_s(b),
    );
    v128.store(codes + (i << 4), narrow);
  }
}
