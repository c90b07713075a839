import { madd } from "./madd";

/**
 * e to the power of every lane.
 *
 * Order    x = n ln 2 + r with ln 2 in two parts, then a polynomial of degree 7 in r: about 1 ulp, each lane alone
 * Differs  results below 2^-126 become 0; arguments above 88.37 give the value there; NaN stays NaN
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const lowest = f32x4.splat(-87.33);
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.37)), lowest);
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.4426950216293335)));
  let r = madd(n, f32x4.splat(-0.693359375), bounded);
  r = madd(n, f32x4.splat(0.00021219444170128554), r);
  let p = f32x4.splat(0.0001990969612961635);
  p = madd(p, r, f32x4.splat(0.001394648919813335));
  p = madd(p, r, f32x4.splat(0.008333280682563782));
  p = madd(p, r, f32x4.splat(0.04166626185178757));
  p = madd(p, r, f32x4.splat(0.1666666716337204));
  p = madd(p, r, f32x4.splat(0.5));
  const power = f32x4.add(madd(f32x4.mul(r, r), p, r), f32x4.splat(1));
  const exponent = i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23);
  return v128.andnot(i32x4.add(power, exponent), f32x4.lt(x, lowest));
}
