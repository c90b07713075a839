/**
 * Slides a window along every row and takes its mean or its maximum.
 *
 * Shapes   rows [R, T]  ->  [R, floor((T + 2 padding - size) / stride) + 1]
 * Units    size, stride, padding in columns; default stride 1 and padding floor(size / 2): an odd size keeps T
 * Order    sums in f64, t ascending
 * Cost     O(R T size / stride)
 * Differs  the mean always divides by `size`: padding counts as zeros (as PyTorch's avg_pool1d); the maximum ignores it. NaN wins
 * Errors   ShapeError; ArgumentError for a size, stride or padding out of range (padding at most half the size)
 */
import { ArgumentError } from "../errors/index.js";
import { floats } from "../tensor.js";
import type { Floats } from "../types.js";
import { matrixOf } from "./shapes.js";

export interface Pooling {
  readonly kind: "avg" | "max";
  readonly size: number;
  readonly stride?: number;
  readonly padding?: number;
}

export function pool1d(rows: Floats, pooling: Pooling): Floats {
  const where = "pool1d";
  const [count, length] = matrixOf(where, rows);
  const { kind, size, stride = 1, padding = Math.floor(size / 2) } = pooling;
  if (kind !== "avg" && kind !== "max") {
    throw new ArgumentError(where, "kind", '"avg" or "max"', kind);
  }
  integer(where, "size", size, 1, Number.MAX_SAFE_INTEGER);
  integer(where, "stride", stride, 1, Number.MAX_SAFE_INTEGER);
  integer(where, "padding", padding, 0, Math.floor(size / 2));
  const columns = Math.max(0, Math.floor((length + 2 * padding - size) / stride) + 1);
  const out = new Float32Array(count * columns);
  for (let r = 0; r < count; r++) {
    for (let i = 0; i < columns; i++) {
      const from = Math.max(0, i * stride - padding);
      const to = Math.min(length, i * stride - padding + size);
      let sum = 0;
      let largest = -Infinity;
      for (let t = from; t < to; t++) {
        const value = rows.data[r * length + t]!;
        sum += value;
        largest = Math.max(largest, value);
      }
      out[r * columns + i] = kind === "avg" ? sum / size : largest;
    }
  }
  return floats([count, columns], out);
}

function integer(where: string, name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new ArgumentError(where, name, `an integer of ${least}..${most}`, value);
  }
}
