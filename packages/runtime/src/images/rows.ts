/** Sparse rows over a whole sequence, of which a map covers a part. */
import type { SparseRows } from "@frugal/tensor";

/** `lead` rows that stay as they are, then the rows of `matrix` moved behind them, then `tail` rows that stay. */
export function leadingRows(matrix: SparseRows, lead: number, tail = 0): SparseRows {
  const entries = matrix.sources.length;
  const rowCount = lead + matrix.rowCount + tail;
  const starts = new Uint32Array(rowCount + 1);
  const sources = new Uint32Array(lead + entries + tail);
  const weights = new Float32Array(sources.length).fill(1);
  for (let r = 0; r < lead; r++) {
    starts[r + 1] = r + 1;
    sources[r] = r;
  }
  for (let r = 0; r < matrix.rowCount; r++) {
    starts[lead + r + 1] = lead + (matrix.starts[r + 1] as number);
  }
  for (let i = 0; i < entries; i++) sources[lead + i] = lead + (matrix.sources[i] as number);
  weights.set(matrix.weights, lead);
  for (let r = 0; r < tail; r++) {
    starts[lead + matrix.rowCount + r + 1] = lead + entries + r + 1;
    sources[lead + entries + r] = lead + matrix.sourceCount + r;
  }
  return { rowCount, sourceCount: lead + matrix.sourceCount + tail, starts, sources, weights };
}

/** The first source of each row, e.g. which old token a new row stands for. */
export const firstSources = (rows: SparseRows): Uint32Array =>
  Uint32Array.from({ length: rows.rowCount }, (_, r) => {
    let first = rows.sourceCount;
    for (let i = rows.starts[r] as number; i < (rows.starts[r + 1] as number); i++) {
      first = Math.min(first, rows.sources[i] as number);
    }
    return first;
  });
