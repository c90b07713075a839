/**
 * A synchronous CPU table of primitives, for methods: an algorithm that needs a faster product takes an `ops: Ops`.
 *
 * Shapes   matrices are contiguous float32 [rows, columns]; results are new, arguments stay as they are
 * Errors   ShapeError, ArgumentError, DtypeError; `rowDot` checks nothing
 */
import type { Floats, SparseRows } from "../types.js";
import type { Pooling } from "./pool-1d.js";

export interface Ops {
  readonly name: string;
  /** a [M, K], b [K, N] -> [M, N] */
  matmul(a: Floats, b: Floats): Floats;
  rowDot(a: Floats, i: number, b: Floats, j: number): number;
  rowNorms(rows: Floats): Float32Array;
  unitRows(rows: Floats): Floats;
  /** Cosines [M, N]; a zero row gives 0. */
  similarity(a: Floats, b: Floats): Floats;
  softmaxRows(rows: Floats): Floats;
  logSumExpRows(rows: Floats): Float32Array;
  /** Indices of the k best, ascending. */
  topk(scores: ArrayLike<number>, k: number): Uint32Array;
  argmax(scores: ArrayLike<number>): number;
  gatherRows(rows: Floats, indices: ArrayLike<number>): Floats;
  /** Mean of the rows with the same target; zeros where there is none. */
  scatterMean(rows: Floats, targets: ArrayLike<number>, rowCount: number): Floats;
  /** [R, C] -> [C] */
  sumRows(rows: Floats): Float32Array;
  pool1d(rows: Floats, pooling: Pooling): Floats;
  sparseRows(map: SparseRows, rows: Floats): Floats;
}
