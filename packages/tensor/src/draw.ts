/**
 * Draws an index from a law with one uniform number: the same rule for sampling, drafting and verifying.
 *
 * Shapes   law [V], any scale
 * Units    u in [0, 1)
 * Order    sums in f64, ascending; the first index whose cumulative sum of law / sum(law) exceeds u; if rounding leaves
 *          none, the last index with mass
 * Cost     O(V), no scratch
 * Errors   ArgumentError: a negative, NaN or infinite mass, no mass at all, u outside [0, 1)
 */
import { ArgumentError } from "./errors/index.js";

export function draw(law: ArrayLike<number>, u: number): number {
  if (!(u >= 0 && u < 1)) throw new ArgumentError("draw", "u", "within [0, 1)", u);
  let total = 0;
  for (let i = 0; i < law.length; i++) {
    const mass = law[i]!;
    if (!(mass >= 0)) throw new ArgumentError("draw", `law[${i}]`, "at least 0", mass);
    total += mass;
  }
  if (!(total > 0 && total < Infinity)) {
    throw new ArgumentError("draw", "the sum of the law", "positive and finite", total);
  }
  let cumulative = 0;
  let last = 0;
  for (let i = 0; i < law.length; i++) {
    const mass = law[i]!;
    if (mass === 0) continue;
    cumulative += mass / total;
    if (cumulative > u) return i;
    last = i;
  }
  return last;
}
