/**
 * Adds all rows up.
 *
 * Shapes   rows [R, C]  ->  [C] f32
 * Order    sums in f64, r ascending
 * Cost     O(R C), scratch [C]
 * Errors   ShapeError
 */
import type { Floats } from "../types.js";
import { matrixOf } from "./shapes.js";

export function sumRows(rows: Floats): Float32Array {
  const [count, width] = matrixOf("sumRows", rows);
  const sums = new Float64Array(width);
  for (let r = 0; r < count; r++) {
    for (let c = 0; c < width; c++) sums[c]! += rows.data[r * width + c]!;
  }
  return Float32Array.from(sums);
}
