/**
 * Multiplies two rows: the sum of their products.
 *
 * Shapes   row i of a [M, C], row j of b [N, C]  ->  a number
 * Order    sum in f64, c ascending
 * Cost     O(C), no allocation
 * Errors   none: rows that do not exist give NaN. The caller has checked; this stands in inner loops
 */
import type { Floats } from "../types.js";

export function rowDot(a: Floats, i: number, b: Floats, j: number): number {
  const width = a.dims[1]!;
  const x = a.data;
  const y = b.data;
  const from = i * width;
  const to = j * width;
  let sum = 0;
  for (let c = 0; c < width; c++) sum += x[from + c]! * y[to + c]!;
  return sum;
}
