/**
 * Natural logarithm of a positive finite number, in f64.
 *
 * Order    x = 2^n m with m in sqrt(1/2)..sqrt(2), then 2 atanh((m - 1) / (m + 1)) to degree 15: below 1e-13
 */
// @ts-ignore: decorator
@inline
export function log(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let n = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0xfffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    n++;
  }
  const s = (m - 1) / (m + 1);
  const q = s * s;
  let sum: f64 = 1.0 / 15;
  sum = sum * q + 1.0 / 13;
  sum = sum * q + 1.0 / 11;
  sum = sum * q + 1.0 / 9;
  sum = sum * q + 1.0 / 7;
  sum = sum * q + 1.0 / 5;
  sum = sum * q + 1.0 / 3;
  sum = sum * q + 1.0;
  return <f64>n * 0.6931471805599453 + 2 * s * sum;
}
