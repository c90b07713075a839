/** The first four of 8 codes as f32. */
// @ts-ignore: decorator
@inline
export function lowCodes(codes: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(codes));
}

/** The last four of 8 codes as f32. */
// @ts-ignore: decorator
@inline
export function highCodes(codes: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(codes));
}

/** Largest size among f32 in begin..end, a whole number of floats; NaN is passed over. */
export function largestSize(begin: usize, end: usize): f32 {
  let largest: f32 = 0;
  for (let at = begin; at < end; at += 4) {
    const size = abs(load<f32>(at));
    if (size > largest) largest = size;
  }
  return largest;
}

/** x / scale to the nearest integer, half to even, within -127..127; NaN gives 0. */
// @ts-ignore: decorator
@inline
export function codeOf(x: f32, scale: f32): i8 {
  if (scale == 0) return 0;
  const code = nearest(x / scale);
  if (code != code) return 0;
  return <i8>min<f32>(127, max<f32>(-127, code));
}
