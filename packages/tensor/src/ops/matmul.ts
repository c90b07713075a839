/**
 * Multiplies two matrices.
 *
 * Shapes   a [M, K], b [K, N]  ->  [M, N]
 * Order    sums in f64, k ascending
 * Cost     O(M K N), scratch [N]
 * Errors   ShapeError
 */
import { floats } from "../tensor.js";
import type { Floats } from "../types.js";
import { matrixOf, rowsOf } from "./shapes.js";

export function matmul(a: Floats, b: Floats): Floats {
  const [rows, inner] = matrixOf("matmul", a);
  const width = matrixOf("matmul", b)[1];
  if (rowsOf("matmul", b, width) !== inner) rowsOf("matmul", a, b.dims[0]!);
  const out = new Float32Array(rows * width);
  const sums = new Float64Array(width);
  for (let m = 0; m < rows; m++) {
    sums.fill(0);
    for (let k = 0; k < inner; k++) {
      const factor = a.data[m * inner + k]!;
      for (let n = 0; n < width; n++) sums[n]! += factor * b.data[k * width + n]!;
    }
    out.set(sums, m * width);
  }
  return floats([rows, width], out);
}
