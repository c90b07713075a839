/**
 * Pairs similar tokens: which tokens go into which rows, as index arrays, before any feature is touched.
 *
 * Paper    ToMe, arXiv:2210.09461 (bipartite soft matching)
 * Shapes   metric [T, C] f32 (protected tokens first)  ->  plan over T tokens, T - r rows
 * Units    similarity = cosine; -2 stands for "not comparable" (a row with a NaN)
 * Cost     O(T*T*C / 4) time, O(T*C) scratch
 * Differs  unmerging gives every token the row it went into. The released unmerge forgets that a distill token reorders the
 *          rows; `parity` repeats that in `restoreFrom`
 * Order    even tokens left alone come first (ascending with a class token, else by falling similarity), then the odd ones
 * Errors   ArgumentError for an r that is not an integer of at least 0; ShapeError for a metric that is not [T, C]
 */

import { ArgumentError, ShapeError } from "@frugal/tensor";
import { rowDot, unitRows } from "@frugal/tensor/ops";
import type { Floats } from "../types.js";

export interface MergePlan {
  readonly rowCount: number;
  /** [T] the row each token goes into. */
  readonly rowOf: Int32Array;
  /** [T] the row that unmerging copies to each token: `rowOf`, but for the quirk of `parity`. */
  readonly restoreFrom: Int32Array;
  /** [rowCount] the token that stays in place in each row; the others of the row are merged into it. */
  readonly heads: Uint32Array;
}

export interface MatchingOptions {
  /** Token 0 is never merged away, nor anything into it. */
  readonly classToken?: boolean;
  /** Nor token 1. */
  readonly distillToken?: boolean;
  /** Unmerge as released. Default false. */
  readonly parity?: boolean;
}

/** Even tokens look for their most similar odd token; the r best pairs merge into the odd ones. */
export function bipartiteSoftMatching(
  metric: Floats,
  r: number,
  { classToken = false, distillToken = false, parity = false }: MatchingOptions = {},
): MergePlan {
  if (metric.dims.length !== 2)
    throw new ShapeError("bipartiteSoftMatching", [-1, -1], metric.dims);
  if (!Number.isInteger(r) || r < 0)
    throw new ArgumentError("bipartiteSoftMatching", "r", "an integer of at least 0", r);
  const total = metric.dims[0]!;
  const protectedCount = (classToken ? 1 : 0) + (distillToken ? 1 : 0);
  const merged = Math.min(r, Math.max(0, Math.floor((total - protectedCount) / 2)));
  if (merged === 0) return untouched(total);

  const { partner, order } = bestPartners(unitRows(metric), classToken, distillToken);
  const unmerged = order.slice(merged);
  if (classToken) unmerged.sort((a, b) => a - b);
  const odd = Array.from({ length: Math.floor(total / 2) }, (_, b) => 2 * b + 1);
  const even = unmerged.map((a) => 2 * a);
  const heads = distillToken
    ? [...even.slice(0, 1), ...odd.slice(0, 1), ...even.slice(1), ...odd.slice(1)]
    : [...even, ...odd];
  const rowOf = new Int32Array(total);
  heads.forEach((token, row) => {
    rowOf[token] = row;
  });
  for (const a of order.slice(0, merged)) rowOf[2 * a] = rowOf[2 * partner[a]! + 1]!;
  const restoreFrom =
    parity && distillToken ? rowOf.map((row) => releasedRow(row, unmerged.length)) : rowOf;
  return { rowCount: heads.length, rowOf, restoreFrom, heads: Uint32Array.from(heads) };
}

/** Where the released unmerge looks for a row: it takes the unmerged tokens to stand first, without a distill token. */
function releasedRow(row: number, unmergedCount: number): number {
  if (row === 0 || row > unmergedCount) return row;
  return row === 1 ? unmergedCount : row - 1;
}

/** Every token a row of its own. */
export function untouched(total: number): MergePlan {
  const rowOf = Int32Array.from({ length: total }, (_, t) => t);
  return {
    rowCount: total,
    rowOf,
    restoreFrom: rowOf,
    heads: Uint32Array.from({ length: total }, (_, t) => t),
  };
}

/** For each even token its most similar odd one; and the even tokens by falling similarity, ties to the lower. */
function bestPartners(unit: Floats, classToken: boolean, distillToken: boolean) {
  const evenCount = Math.ceil(unit.dims[0]! / 2);
  const oddCount = Math.floor(unit.dims[0]! / 2);
  const firstOdd = distillToken ? 1 : 0;
  const partner = new Uint32Array(evenCount).fill(firstOdd);
  const best = new Float64Array(evenCount).fill(-2);
  for (let a = classToken ? 1 : 0; a < evenCount; a++) {
    for (let b = firstOdd; b < oddCount; b++) {
      const similarity = rowDot(unit, 2 * a, unit, 2 * b + 1);
      if (similarity > best[a]!) {
        best[a] = similarity;
        partner[a] = b;
      }
    }
  }
  if (classToken) best[0] = -Infinity;
  const order = Array.from(best, (_, a) => a).sort((a, b) => best[b]! - best[a]! || a - b);
  return { partner, order };
}
