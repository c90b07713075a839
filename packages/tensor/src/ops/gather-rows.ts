/**
 * Copies rows by index, bit for bit.
 *
 * Shapes   rows [N, C], indices [M], any order, repeats allowed  ->  [M, C]
 * Cost     O(M C)
 * Errors   ShapeError; ArgumentError for a row that does not exist
 */
import { ArgumentError } from "../errors/index.js";
import { floats } from "../tensor.js";
import type { Floats } from "../types.js";
import { matrixOf } from "./shapes.js";

export function gatherRows(rows: Floats, indices: ArrayLike<number>): Floats {
  const [count, width] = matrixOf("gatherRows", rows);
  const out = new Float32Array(indices.length * width);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new ArgumentError("gatherRows", `indices[${i}]`, `below ${count}`, index);
    }
    out.set(rows.data.subarray(index * width, (index + 1) * width), i * width);
  }
  return floats([indices.length, width], out);
}
