/**
 * What every operation is held to: its laws and the floor of its error.
 *
 * Units    floor: share of the largest magnitude of the true result. An operation passes when its largest error is at most
 *          twice that of a plain f32 loop plus this floor: a few roundings of f32 (6e-8 each) where only sums and products
 *          occur, about eight where exponentials are approximated by polynomials
 */
import type { Ops } from "./types.js";

export type Law =
  /** f(x + y) = f(x) + f(y) */
  | "linear"
  /** Rows in another order give the result's rows in that order, bit for bit. */
  | "rowwise"
  /** Rows in another order change nothing. */
  | "orderFree"
  /** A number added to all of a row changes nothing. */
  | "shiftInvariant"
  /** Doubled rows change nothing. */
  | "scaleInvariant"
  /** Twice is once. */
  | "idempotent"
  /** Every row of the result sums to 1. */
  | "sumsToOne"
  /** Doubled rows double the result, bit for bit. */
  | "homogeneous"
  /** Within -1..1, up to rounding. */
  | "bounded"
  /** Every number of the result is one of the argument's, bit for bit (-0 and NaN too). */
  | "copies"
  /** Ties go to the lowest index, NaN ranks below everything; more are a superset of fewer. */
  | "ranks";

export interface OpEntry {
  readonly arity: number;
  readonly laws: readonly Law[];
  readonly floor: number;
}

const SUMS = 5e-7;
const EXPONENTIALS = 1e-6;

export const OPS_TABLE: Readonly<Record<Exclude<keyof Ops, "name">, OpEntry>> = {
  matmul: { arity: 2, laws: ["linear", "rowwise", "homogeneous"], floor: SUMS },
  rowDot: { arity: 4, laws: ["linear", "homogeneous"], floor: SUMS },
  rowNorms: { arity: 1, laws: ["rowwise", "homogeneous"], floor: SUMS },
  unitRows: {
    arity: 1,
    laws: ["rowwise", "scaleInvariant", "idempotent", "bounded"],
    floor: SUMS,
  },
  similarity: { arity: 2, laws: ["rowwise", "scaleInvariant", "bounded"], floor: SUMS },
  softmaxRows: {
    arity: 1,
    laws: ["rowwise", "shiftInvariant", "sumsToOne"],
    floor: EXPONENTIALS,
  },
  logSumExpRows: { arity: 1, laws: ["rowwise"], floor: EXPONENTIALS },
  topk: { arity: 2, laws: ["ranks"], floor: 0 },
  argmax: { arity: 1, laws: ["ranks"], floor: 0 },
  gatherRows: { arity: 2, laws: ["linear", "homogeneous", "copies"], floor: 0 },
  scatterMean: { arity: 3, laws: ["linear", "homogeneous"], floor: SUMS },
  sumRows: { arity: 1, laws: ["linear", "orderFree", "homogeneous"], floor: SUMS },
  pool1d: { arity: 2, laws: ["rowwise", "homogeneous"], floor: SUMS },
  sparseRows: { arity: 2, laws: ["linear", "homogeneous"], floor: SUMS },
};

/** Floors of a back end's operations; exact ones (copies, selections) have none. */
export const BACKEND_FLOORS = {
  linear: SUMS,
  rmsNorm: SUMS,
  layerNorm: EXPONENTIALS,
  rope: SUMS,
  silu: EXPONENTIALS,
  gelu: EXPONENTIALS,
  geluTanh: EXPONENTIALS,
  quickGelu: EXPONENTIALS,
  relu: 0,
  add: 0,
  multiply: 0,
  scale: 0,
  softCap: EXPONENTIALS,
  softmax: EXPONENTIALS,
  similarity: SUMS,
  patchEmbed: SUMS,
  sparseRows: SUMS,
  attention: EXPONENTIALS,
  logSumExp: EXPONENTIALS,
  attentionTap: EXPONENTIALS,
  rotate: SUMS,
  cacheGather: SUMS,
} as const;
