/**
 * Applies a sparse map: out[r] = weighted sum of the input rows that row r names.
 *
 * Shapes   map M x N, input [N, C]  ->  out [M, C]
 * Order    sums in f64, in the order of the map; one source of weight 1 is copied bit for bit
 * Cost     O(entries C), scratch [C]
 * Errors   none in here: the door has checked
 */
import type { SparseRows } from "../types.js";

export function sparseRows(
  map: SparseRows,
  input: Float32Array,
  out: Float32Array,
  width: number,
): void {
  const sums = new Float64Array(width);
  for (let r = 0; r < map.rowCount; r++) {
    const begin = map.starts[r]!;
    const end = map.starts[r + 1]!;
    if (end === begin + 1 && map.weights[begin] === 1) {
      const from = map.sources[begin]! * width;
      out.set(input.subarray(from, from + width), r * width);
      continue;
    }
    sums.fill(0);
    for (let e = begin; e < end; e++) {
      const from = map.sources[e]! * width;
      const weight = map.weights[e]!;
      for (let c = 0; c < width; c++) sums[c]! += weight * input[from + c]!;
    }
    out.set(sums, r * width);
  }
}
