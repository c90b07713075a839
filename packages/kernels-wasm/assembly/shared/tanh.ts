import { exp } from "./exp";
import { madd } from "./madd";

/**
 * Hyperbolic tangent of every lane.
 *
 * Order    below 0.625 an odd polynomial of degree 11, above it 1 - 2 / (e^2|x| + 1): about 2 ulp
 */
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-0.005707839969545603);
  p = madd(p, square, f32x4.splat(0.02064112201333046));
  p = madd(p, square, f32x4.splat(-0.053740110248327255));
  p = madd(p, square, f32x4.splat(0.13331443071365356));
  p = madd(p, square, f32x4.splat(-0.3333328068256378));
  const near = madd(f32x4.mul(square, x), p, x);
  const far = f32x4.sub(
    f32x4.splat(1),
    f32x4.div(f32x4.splat(2), f32x4.add(exp(f32x4.add(size, size)), f32x4.splat(1))),
  );
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.625)));
}
