/**
 * Averages the rows that go to the same target; a target that gets none is a row of zeros.
 *
 * Shapes   rows [N, C], targets [N]  ->  [M, C], M = rowCount
 * Order    sums in f64, n ascending; a target with one row gets its bits
 * Cost     O(N C), scratch [M, C] in f64
 * Errors   ShapeError; ArgumentError for a target that does not exist
 */
import { ArgumentError, ShapeError } from "../errors/index.js";
import { floats } from "../tensor.js";
import type { Floats } from "../types.js";
import { matrixOf } from "./shapes.js";

export function scatterMean(rows: Floats, targets: ArrayLike<number>, rowCount: number): Floats {
  const where = "scatterMean";
  const [count, width] = matrixOf(where, rows);
  if (targets.length !== count) throw new ShapeError(where, [count], [targets.length]);
  if (!Number.isSafeInteger(rowCount) || rowCount < 0) {
    throw new ArgumentError(where, "rowCount", "a non-negative integer", rowCount);
  }
  const sums = new Float64Array(rowCount * width);
  const sizes = new Uint32Array(rowCount);
  for (let n = 0; n < count; n++) {
    const target = targets[n]!;
    if (!Number.isInteger(target) || target < 0 || target >= rowCount) {
      throw new ArgumentError(where, `targets[${n}]`, `below ${rowCount}`, target);
    }
    const isFirst = sizes[target]!++ === 0;
    for (let c = 0; c < width; c++) {
      const value = rows.data[n * width + c]!;
      const at = target * width + c;
      sums[at] = isFirst ? value : sums[at]! + value; // the first keeps the sign of its zeros
    }
  }
  for (let m = 0; m < rowCount; m++) {
    if (sizes[m]! < 2) continue;
    for (let c = 0; c < width; c++) sums[m * width + c]! /= sizes[m]!;
  }
  return floats([rowCount, width], Float32Array.from(sums));
}
