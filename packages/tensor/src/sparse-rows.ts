/**
 * Sparse matrices by rows: how pruning, merging and pooling are written down.
 *
 * Shapes   M rows over N sources; starts [M + 1], sources and weights [entries]
 * Cost     O(entries); `composeRows` O(entries of the product) and O(N) scratch
 * Errors   ArgumentError for rows that are not well formed, ShapeError where two do not fit
 */
import { ArgumentError, ShapeError } from "./errors/index.js";
import type { SparseRows } from "./types.js";

export function identityRows(count: number): SparseRows {
  checkCount("identityRows", "count", count);
  const indices = new Uint32Array(count);
  for (let i = 0; i < count; i++) indices[i] = i;
  return picked(indices, count);
}

/** Row i is source `indices[i]`; any order, repeats allowed. */
export function keepRows(indices: ArrayLike<number>, sourceCount: number): SparseRows {
  checkCount("keepRows", "sourceCount", sourceCount);
  const sources = new Uint32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!Number.isInteger(index) || index < 0 || index >= sourceCount) {
      throw new ArgumentError("keepRows", `indices[${i}]`, `below ${sourceCount}`, index);
    }
    sources[i] = index;
  }
  return picked(sources, sourceCount);
}

/** Row i is source i with weight 1, and nothing else. */
export function isIdentityRows(rows: SparseRows): boolean {
  const { rowCount, sourceCount, starts, sources, weights } = rows;
  if (rowCount !== sourceCount || sources.length !== rowCount) return false;
  for (let i = 0; i < rowCount; i++) {
    if (starts[i] !== i || sources[i] !== i || weights[i] !== 1) return false;
  }
  return starts[rowCount] === rowCount;
}

/**
 * The map that does `first`, then `second`: rows of `second` over the sources of `first`.
 * Equal sources of a row are summed (f64); sources stand in the order of their first appearance.
 */
export function composeRows(second: SparseRows, first: SparseRows): SparseRows {
  if (second.sourceCount !== first.rowCount) {
    throw new ShapeError("composeRows", [first.rowCount], [second.sourceCount]);
  }
  if (isIdentityRows(second)) return first;
  if (isIdentityRows(first)) return second;
  const starts = new Uint32Array(second.rowCount + 1);
  const sources: number[] = [];
  const weights: number[] = [];
  const place = new Int32Array(first.sourceCount).fill(-1); // of a source within the row at hand
  for (let row = 0; row < second.rowCount; row++) {
    const begin = sources.length;
    for (let e = second.starts[row]!; e < second.starts[row + 1]!; e++) {
      const middle = second.sources[e]!;
      for (let f = first.starts[middle]!; f < first.starts[middle + 1]!; f++) {
        const source = first.sources[f]!;
        const weight = second.weights[e]! * first.weights[f]!;
        if (place[source] === -1) {
          place[source] = sources.length;
          sources.push(source);
          weights.push(weight);
        } else {
          weights[place[source]!]! += weight;
        }
      }
    }
    for (let i = begin; i < sources.length; i++) place[sources[i]!] = -1;
    starts[row + 1] = sources.length;
  }
  return {
    rowCount: second.rowCount,
    sourceCount: first.sourceCount,
    starts,
    sources: Uint32Array.from(sources),
    weights: Float32Array.from(weights),
  };
}

/** Throws unless the rows are well formed: what a plug-in hands over is checked once, here. */
export function checkRows(where: string, rows: SparseRows): void {
  const { rowCount, sourceCount, starts, sources, weights } = rows;
  checkCount(where, "rowCount", rowCount);
  checkCount(where, "sourceCount", sourceCount);
  if (starts.length !== rowCount + 1) throw new ShapeError(where, [rowCount + 1], [starts.length]);
  if (sources.length !== weights.length) {
    throw new ShapeError(where, [sources.length], [weights.length]);
  }
  if (starts[0] !== 0) throw new ArgumentError(where, "starts[0]", "0", starts[0]);
  for (let row = 0; row < rowCount; row++) {
    if (!(starts[row + 1]! >= starts[row]!)) {
      throw new ArgumentError(where, `starts[${row + 1}]`, "ascending", starts[row + 1]);
    }
  }
  if (starts[rowCount] !== sources.length) {
    throw new ArgumentError(where, `starts[${rowCount}]`, `${sources.length}`, starts[rowCount]);
  }
  for (let e = 0; e < sources.length; e++) {
    if (!(sources[e]! < sourceCount)) {
      throw new ArgumentError(where, `sources[${e}]`, `below ${sourceCount}`, sources[e]);
    }
    if (!Number.isFinite(weights[e])) {
      throw new ArgumentError(where, `weights[${e}]`, "finite", weights[e]);
    }
  }
}

function picked(sources: Uint32Array, sourceCount: number): SparseRows {
  const starts = new Uint32Array(sources.length + 1);
  for (let i = 0; i <= sources.length; i++) starts[i] = i;
  const weights = new Float32Array(sources.length).fill(1);
  return { rowCount: sources.length, sourceCount, starts, sources, weights };
}

function checkCount(where: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new ArgumentError(where, name, "a count", value);
  }
}
