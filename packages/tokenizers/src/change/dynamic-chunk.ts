/**
 * Chunks of a sequence where neighbours differ, and the way back: the router and the smoothing of H-Net.
 *
 * Paper    Hwang et al., Dynamic Chunking for End-to-End Hierarchical Sequence Modeling, arXiv:2507.07955
 * Shapes   hidden [L, D], query and key [D, D]  ->  probability [L], boundary [L], chunks [M, D]  ->  out [L, D]
 * Units    p_t = (1 - cos(Wq x_(t-1), Wk x_t)) / 2, p_0 = 1; a row begins a chunk where p_t is above `threshold`
 * Cost     O(L D^2) with projections, O(L D) without
 * Differs  one sequence a call, no batch axis; the official step is right for batches of one only
 * Errors   ShapeError for matrices that do not fit; ArgumentError for a threshold or probabilities out of range
 */
import { ArgumentError, ShapeError } from "@frugal/tensor/errors";
import { checkMatrix, dot, type Matrix, rowOf, zeros } from "./matrix.js";

export interface ChunkOptions {
  /** [D, D], output by input. Default: the identity. */
  readonly query?: Matrix;
  readonly key?: Matrix;
  /** [L], 0: padding, which begins no chunk. Default: all 1. */
  readonly mask?: ArrayLike<number>;
  /** Default 0.5. */
  readonly threshold?: number;
}

export interface Chunked {
  /** [L] */
  readonly probability: Float32Array;
  /** [L], 1 where a chunk begins. */
  readonly boundary: Uint8Array;
  /** [L], of the choice that was made: p or 1 - p, the greater. */
  readonly selectedProbability: Float32Array;
  /** [M, D], the rows that begin a chunk. */
  readonly chunks: Matrix;
}

/** As in the reference's normalization. */
const LEAST_NORM = 1e-12;

export function dynamicChunk(hidden: Matrix, options: ChunkOptions = {}): Chunked {
  const { query, key, mask, threshold = 0.5 } = options;
  const { rows, columns } = hidden;
  checkMatrix("dynamicChunk", hidden);
  for (const matrix of [query, key])
    if (matrix !== undefined) checkMatrix("dynamicChunk", matrix, columns, columns);
  if (mask !== undefined && mask.length !== rows)
    throw new ShapeError("dynamicChunk", [rows], [mask.length]);
  if (!(threshold >= 0 && threshold <= 1))
    throw new ArgumentError("dynamicChunk", "threshold", "within [0, 1]", threshold);
  const probability = new Float32Array(rows);
  let before: Float64Array | undefined;
  for (let t = 0; t < rows; t++) {
    const x = rowOf(hidden, t);
    probability[t] = before === undefined ? 1 : change(before, direction(x, key));
    before = direction(x, query);
  }
  const boundary = Uint8Array.from(probability, (p, t) =>
    p > threshold && (mask === undefined || mask[t] !== 0) ? 1 : 0,
  );
  const chunks = zeros(
    boundary.reduce((sum, bit) => sum + bit, 0),
    columns,
  );
  let chunk = 0;
  for (let t = 0; t < rows; t++)
    if (boundary[t] === 1) chunks.data.set(rowOf(hidden, t), chunk++ * columns);
  return {
    probability,
    boundary,
    selectedProbability: probability.map((p) => Math.max(p, 1 - p)),
    chunks,
  };
}

/**
 * The rows of the chunks, smoothed by how sure each boundary was, laid back over the sequence.
 *
 * @param chunks [M, D]
 * @param boundary [L], M of them 1, the first among them
 * @param probability [L]
 * @returns [L, D]
 */
export function dechunkEma(
  chunks: Matrix,
  boundary: ArrayLike<number>,
  probability: ArrayLike<number>,
  { minProbability = 1e-4 }: { readonly minProbability?: number } = {},
): Matrix {
  const length = boundary.length;
  const count = Array.from(boundary).filter((bit) => bit !== 0).length;
  checkMatrix("dechunkEma", chunks, count);
  if (probability.length !== length)
    throw new ShapeError("dechunkEma", [length], [probability.length]);
  if (length > 0 && boundary[0] === 0)
    throw new ArgumentError("dechunkEma", "boundary[0]", "1: a sequence begins with a chunk", 0);
  if (!(minProbability >= 0 && minProbability <= 0.5))
    throw new ArgumentError("dechunkEma", "minProbability", "within [0, 0.5]", minProbability);
  const { columns } = chunks;
  const out = zeros(length, columns);
  const state = new Float64Array(columns);
  let chunk = 0;
  for (let t = 0; t < length; t++) {
    if (boundary[t] !== 0) {
      const p = Math.min(1 - minProbability, Math.max(minProbability, probability[t]!));
      const row = rowOf(chunks, chunk++);
      for (let c = 0; c < columns; c++) state[c] = p * row[c]! + (1 - p) * state[c]!;
    }
    out.data.set(state, t * columns);
  }
  return out;
}

/** Of length 1. */
function direction(x: Float32Array, projection: Matrix | undefined): Float64Array {
  const out =
    projection === undefined
      ? Float64Array.from(x)
      : Float64Array.from({ length: x.length }, (_, i) => dot(rowOf(projection, i), x));
  const norm = Math.max(LEAST_NORM, Math.sqrt(dot(out, out)));
  return out.map((value) => value / norm);
}

const change = (before: Float64Array, now: Float64Array): number =>
  Math.min(1, Math.max(0, (1 - dot(before, now)) / 2));
