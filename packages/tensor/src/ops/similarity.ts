/**
 * Computes the cosine of every pair of rows; a zero row gives 0.
 *
 * Shapes   a [M, C], b [N, C]  ->  [M, N]
 * Units    -1..1, up to rounding
 * Order    sums in f64, c ascending
 * Cost     O(M N C)
 * Errors   ShapeError
 */
import { similarity as fill } from "../reference/similarity.js";
import { floats } from "../tensor.js";
import type { Floats } from "../types.js";
import { matrixOf, rowsOf } from "./shapes.js";

export function similarity(a: Floats, b: Floats): Floats {
  const [rows, width] = matrixOf("similarity", a);
  const columns = rowsOf("similarity", b, width);
  const out = floats([rows, columns]);
  fill(a.data, b.data, out.data, rows, columns, width);
  return out;
}
