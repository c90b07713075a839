import {
  EXP_HIGHEST,
  EXP_LN2_HIGH,
  EXP_LN2_LOW,
  EXP_LOG2E,
  EXP_LOWEST,
  EXP_MAGIC,
  EXP_P3,
  EXP_P4,
  EXP_P5,
  EXP_P6,
  EXP_P7,
  HALF,
  ONE,
} from "./constants";
import { madd } from "./madd";

/**
 * e to the power of every lane.
 *
 * Order    x = n ln 2 + r with ln 2 in two parts, then a polynomial of degree 7 in r: about 1 ulp, each lane alone; a sum
 *          with 1.5 * 2^23 rounds to n and leaves it in the low bits
 * Differs  results below 2^-126 become 0; arguments above 88.37 give the value there; NaN stays NaN
 */
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  const lowest = v128.load(EXP_LOWEST);
  const magic = v128.load(EXP_MAGIC);
  const bounded = f32x4.pmax(f32x4.pmin(x, v128.load(EXP_HIGHEST)), lowest);
  const shifted = f32x4.add(f32x4.mul(bounded, v128.load(EXP_LOG2E)), magic);
  const n = f32x4.sub(shifted, magic);
  let r = madd(n, v128.load(EXP_LN2_HIGH), bounded);
  r = madd(n, v128.load(EXP_LN2_LOW), r);
  let p = madd(v128.load(EXP_P7), r, v128.load(EXP_P6));
  p = madd(p, r, v128.load(EXP_P5));
  p = madd(p, r, v128.load(EXP_P4));
  p = madd(p, r, v128.load(EXP_P3));
  p = madd(p, r, v128.load(HALF));
  const power = f32x4.add(madd(f32x4.mul(r, r), p, r), v128.load(ONE));
  return v128.andnot(i32x4.add(power, i32x4.shl(shifted, 23)), f32x4.lt(x, lowest));
}
