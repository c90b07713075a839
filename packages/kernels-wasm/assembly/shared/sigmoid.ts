import { exp } from "./exp";

/** x / (1 + e^exponent): x times a logistic function. */
// @ts-ignore: decorator
@inline
export function sigmoidTimes(x: v128, exponent: v128): v128 {
  return f32x4.div(x, f32x4.add(f32x4.splat(1), exp(exponent)));
}
