/**
 * Copies rows of a table by index; rows of an int8 weight are decoded.
 *
 * Shapes   table [N, C], indices [M]  ->  out rows outRow .. outRow + M
 * Cost     O(M C)
 * Errors   ArgumentError for an index outside 0..N-1, before anything is written
 */
import { ArgumentError } from "../errors/index.js";
import type { Tensor } from "../tensor.js";

export function gather(
  tableRows: number,
  copyRow: (index: number, out: Float32Array, at: number) => void,
  indices: Uint32Array | Int32Array,
  out: Tensor,
  outRow: number,
  width: number,
): void {
  for (let i = 0; i < indices.length; i++) {
    if (!(indices[i]! >= 0 && indices[i]! < tableRows)) {
      throw new ArgumentError("Backend.gather", `indices[${i}]`, `below ${tableRows}`, indices[i]);
    }
  }
  const target = out.data as Float32Array;
  for (let i = 0; i < indices.length; i++) copyRow(indices[i]!, target, (outRow + i) * width);
}
