/**
 * Picks the best of every row, by the rules of `selection.ts`.
 *
 * Shapes   input [R, C]  ->  argmax: index [R] i32; topk: indices and values [R, k], best first
 * Order    ties go to the lower index, NaN ranks below everything
 * Cost     argmax O(R C), topk O(R C log k)
 * Errors   none in here: the door has checked
 */
import { argmax, topkOrder } from "../selection.js";

export function argmaxRows(
  input: Float32Array,
  out: Int32Array,
  rows: number,
  width: number,
): void {
  for (let r = 0; r < rows; r++) out[r] = argmax(input.subarray(r * width, (r + 1) * width));
}

export function topkRows(
  input: Float32Array,
  k: number,
  indices: Int32Array,
  values: Float32Array,
  rows: number,
  width: number,
): void {
  for (let r = 0; r < rows; r++) {
    const best = topkOrder(input.subarray(r * width, (r + 1) * width), k);
    for (let i = 0; i < k; i++) {
      indices[r * k + i] = best[i]!;
      values[r * k + i] = input[r * width + best[i]!]!;
    }
  }
}
