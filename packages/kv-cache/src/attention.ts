/**
 * Attention of the last queries over all keys, written to be read: what a runtime's tap gives, without a runtime.
 *
 * Shapes   queries [H, N, D], keys [G, T, D], both rotated, f32  ->  probabilities [H, rows, T] f32
 * Units    scale 1 / sqrt(D); the last query stands on the last key, each one before it sees one key fewer
 * Order    dot products, maximum, exponentials and their sum in f64
 * Cost     O(H rows T D)
 * Errors   ShapeError for arrays that do not fit; ArgumentError for heads that do not divide or more rows than queries
 */
import { ArgumentError, type Floats, floats, ShapeError } from "@frugal/tensor";

export function lastRowsAttention(queries: Floats, keys: Floats, rows: number): Floats {
  const where = "lastRowsAttention";
  const [queryHeads, queryCount, width] = triple(where, queries);
  const [kvHeads, length, keyWidth] = triple(where, keys);
  if (width !== keyWidth) throw new ShapeError(where, [kvHeads, length, width], keys.dims);
  if (queryHeads % kvHeads !== 0) {
    throw new ArgumentError(where, "queries", `a multiple of ${kvHeads} heads`, queryHeads);
  }
  const most = Math.min(queryCount, length);
  if (!Number.isInteger(rows) || rows < 0 || rows > most) {
    throw new ArgumentError(where, "rows", `an integer of 0..${most}`, rows);
  }
  const out = new Float32Array(queryHeads * rows * length);
  const logits = new Float64Array(length);
  for (let h = 0; h < queryHeads; h++) {
    const keyHead = Math.floor(h / (queryHeads / kvHeads)) * length * width;
    for (let r = 0; r < rows; r++) {
      const query = (h * queryCount + queryCount - rows + r) * width;
      const visible = length - rows + r + 1;
      let largest = -Infinity;
      for (let t = 0; t < visible; t++) {
        let dot = 0;
        for (let d = 0; d < width; d++) {
          dot += queries.data[query + d]! * keys.data[keyHead + t * width + d]!;
        }
        logits[t] = dot / Math.sqrt(width);
        largest = Math.max(largest, logits[t]!);
      }
      let sum = 0;
      for (let t = 0; t < visible; t++) sum += Math.exp(logits[t]! - largest);
      const row = (h * rows + r) * length;
      for (let t = 0; t < visible; t++) out[row + t] = Math.exp(logits[t]! - largest) / sum;
    }
  }
  return floats([queryHeads, rows, length], out);
}

/** Dims of an attention signal [H, rows, T]. */
export function triple(where: string, { dims }: Floats): readonly [number, number, number] {
  if (dims.length !== 3) throw new ShapeError(where, [-1, -1, -1], dims);
  return dims as readonly number[] as readonly [number, number, number];
}
