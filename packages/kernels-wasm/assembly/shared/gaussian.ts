import { exp } from "./exp";
import { madd } from "./madd";
import { sigmoidTimes } from "./sigmoid";

/**
 * x * Phi(x), Phi the normal distribution function.
 *
 * Order    Phi(-t) = e^(-t^2/2) w(1 / (1 + 0.23 t)), w a polynomial of degree 8 fitted to 5e-8 relative: an error of about
 *          4e-7 at most, relative below |x| = 3
 */
// @ts-ignore: decorator
@inline
export function geluLanes(x: v128): v128 {
  const one = f32x4.splat(1);
  const size = f32x4.abs(x);
  const u = f32x4.div(one, madd(size, f32x4.splat(0.23), one));
  let w = f32x4.splat(-0.0784316211938858);
  w = madd(w, u, f32x4.splat(0.29023200273513794));
  w = madd(w, u, f32x4.splat(-0.27773118019104004));
  w = madd(w, u, f32x4.splat(0.3009933531284332));
  w = madd(w, u, f32x4.splat(-0.03256664797663689));
  w = madd(w, u, f32x4.splat(0.119351826608181));
  w = madd(w, u, f32x4.splat(0.08580808341503143));
  w = madd(w, u, f32x4.splat(0.09237149357795715));
  w = madd(w, u, f32x4.splat(-0.00002730720916588325));
  const tail = f32x4.mul(exp(f32x4.mul(f32x4.mul(size, size), f32x4.splat(-0.5))), w);
  const phi = v128.bitselect(tail, f32x4.sub(one, tail), f32x4.lt(x, f32x4.splat(0)));
  return f32x4.mul(x, phi);
}

/** The approximation of the same with a hyperbolic tangent, as a logistic function of twice its argument. */
// @ts-ignore: decorator
@inline
export function geluTanhLanes(x: v128): v128 {
  const cubic = madd(f32x4.mul(x, x), f32x4.splat(0.044715), f32x4.splat(1));
  return sigmoidTimes(x, f32x4.mul(f32x4.mul(x, cubic), f32x4.splat(-1.5957691216057308)));
}
