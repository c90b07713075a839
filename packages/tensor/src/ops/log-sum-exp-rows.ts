/**
 * Takes the logarithm of the sum of exponentials of every row; a row of -Infinity, or of nothing, gives -Infinity.
 *
 * Shapes   rows [R, C]  ->  [R] f32
 * Units    natural logarithm
 * Order    exact maximum, exponentials, their sum in f64, c ascending
 * Cost     O(R C)
 * Errors   ShapeError
 */
import type { Floats } from "../types.js";
import { matrixOf } from "./shapes.js";

export function logSumExpRows(rows: Floats): Float32Array {
  const [count, width] = matrixOf("logSumExpRows", rows);
  const out = new Float32Array(count);
  for (let r = 0; r < count; r++) {
    const at = r * width;
    let largest = -Infinity;
    for (let c = 0; c < width; c++) largest = Math.max(largest, rows.data[at + c]!);
    let sum = 0;
    for (let c = 0; c < width; c++) sum += Math.exp(rows.data[at + c]! - largest);
    const isPlain = Number.isFinite(largest);
    out[r] = isPlain ? largest + Math.log(sum) : largest;
  }
  return out;
}
