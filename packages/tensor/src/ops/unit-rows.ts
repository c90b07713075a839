/**
 * Scales every row to length 1; a row shorter than 1e-12 is divided by that, so zeros stay zeros.
 *
 * Shapes   rows [R, C]  ->  [R, C]
 * Order    sums in f64, c ascending
 * Cost     O(R C)
 * Errors   ShapeError
 */
import { floats } from "../tensor.js";
import type { Floats } from "../types.js";
import { rowDot } from "./row-dot.js";
import { matrixOf } from "./shapes.js";

const SHORTEST = 1e-12; // as torch's normalize

export function unitRows(rows: Floats): Floats {
  const [count, width] = matrixOf("unitRows", rows);
  const out = new Float32Array(count * width);
  for (let r = 0; r < count; r++) {
    const length = Math.max(Math.sqrt(rowDot(rows, r, rows, r)), SHORTEST);
    for (let c = 0; c < width; c++) out[r * width + c] = rows.data[r * width + c]! / length;
  }
  return floats([count, width], out);
}
