/**
 * Measures the Euclidean length of every row.
 *
 * Shapes   rows [R, C]  ->  [R] f32
 * Order    sums in f64, c ascending
 * Cost     O(R C)
 * Errors   ShapeError
 */
import type { Floats } from "../types.js";
import { rowDot } from "./row-dot.js";
import { matrixOf } from "./shapes.js";

export function rowNorms(rows: Floats): Float32Array {
  const [count] = matrixOf("rowNorms", rows);
  const norms = new Float32Array(count);
  for (let r = 0; r < count; r++) norms[r] = Math.sqrt(rowDot(rows, r, rows, r));
  return norms;
}
