import { madd } from "../shared/madd";
import { tanh } from "../shared/tanh";

/** Dot products of 4 slots to logits: scaled, capped where a cap is given, log weights added last. */
// @ts-ignore: decorator
@inline
export function finishScores(dots: v128, scale: v128, cap: f32, logWeights: v128): v128 {
  if (cap == 0) return madd(dots, scale, logWeights);
  const caps = f32x4.splat(cap);
  const capped = f32x4.mul(tanh(f32x4.div(f32x4.mul(dots, scale), caps)), caps);
  return f32x4.add(capped, logWeights);
}
