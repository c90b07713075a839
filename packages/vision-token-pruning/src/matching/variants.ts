/**
 * The two other matchings of ToMe: by fixed groups and by chance. Every source merges into its most similar destination.
 *
 * Paper    ToMe, arXiv:2210.09461 (its ablations)
 * Shapes   metric [T, C] f32  ->  plan over T tokens
 * Cost     O(sources * destinations * C) time, O(T*C) scratch
 * Differs  rows of zeros or NaN give no NaN: they merge into the first destination. No token is protected
 * Errors   ArgumentError for counts out of range and for noise of another length
 */
import { ArgumentError, type Floats } from "@frugal/tensor";
import { rowDot, unitRows } from "@frugal/tensor/ops";
import { type MergePlan, untouched } from "./bipartite.js";

/** Of every k tokens in a row the last is a destination, the others sources. A rest of T mod k tokens is pruned: -1. */
export function kthBipartiteSoftMatching(metric: Floats, k: number): MergePlan {
  const total = metric.dims[0]!;
  if (!Number.isInteger(k) || k < 1)
    throw new ArgumentError("kthBipartiteSoftMatching", "k", "an integer of at least 1", k);
  if (k === 1) return untouched(total);
  const whole = total - (total % k);
  const isTarget = (t: number) => t % k === k - 1;
  const tokens = Array.from({ length: whole }, (_, t) => t);
  return planOf(
    metric,
    tokens.filter((t) => !isTarget(t)),
    tokens.filter(isTarget),
  );
}

/** The r tokens with the smallest noise are sources, the others destinations, in the order of their noise. */
export function randomBipartiteSoftMatching(
  metric: Floats,
  r: number,
  noise: ArrayLike<number>,
): MergePlan {
  const total = metric.dims[0]!;
  if (!Number.isInteger(r) || r < 0 || (r > 0 && r >= total))
    throw new ArgumentError("randomBipartiteSoftMatching", "r", `in 0..${total - 1}`, r);
  if (noise.length !== total)
    throw new ArgumentError("randomBipartiteSoftMatching", "noise", `${total} long`, noise.length);
  if (r === 0) return untouched(total);
  const order = Array.from({ length: total }, (_, t) => t);
  order.sort((a, b) => noise[a]! - noise[b]! || a - b);
  return planOf(metric, order.slice(0, r), order.slice(r));
}

/** Rows are the destinations, in their order. */
function planOf(metric: Floats, sources: readonly number[], targets: readonly number[]): MergePlan {
  const unit = unitRows(metric);
  const rowOf = new Int32Array(metric.dims[0]!).fill(-1);
  targets.forEach((target, row) => {
    rowOf[target] = row;
  });
  for (const source of sources) {
    let best = Number.NEGATIVE_INFINITY;
    rowOf[source] = 0;
    targets.forEach((target, row) => {
      const similarity = rowDot(unit, source, unit, target);
      if (similarity <= best || Number.isNaN(similarity)) return;
      best = similarity;
      rowOf[source] = row;
    });
  }
  return {
    rowCount: targets.length,
    rowOf,
    restoreFrom: rowOf,
    heads: Uint32Array.from(targets),
  };
}
