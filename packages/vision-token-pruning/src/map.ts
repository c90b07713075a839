/**
 * Builds token maps: tokens kept, tokens merged, tokens put in order.
 *
 * Shapes   kept [M], assignment [count]  ->  TokenMap, M rows over count tokens
 * Cost     O(count) time and scratch
 * Differs  all tokens in their order is the identity, positions untouched, whatever `positions` says
 * Errors   ArgumentError for an index out of range or named twice, and for an empty row of a merge
 */
import { ArgumentError, identityRows, keepRows } from "@frugal/tensor";
import { isIdentityRows } from "@frugal/tensor/rows";
import { firstOrigins } from "./state.js";
import type { SparseRows, TokenMap, TokenState } from "./types.js";

export interface MapOptions {
  /** "compact" (default): 0 .. M - 1. "keep": a kept token keeps its own, a merged one that of its first token. */
  readonly positions?: "keep" | "compact";
  /** Sizes enter attention as log weights. Default: not. */
  readonly proportional?: boolean;
}

export interface MergeOptions extends MapOptions {
  /** "size" (default): mean weighted by sizes. "mean": plain mean of the current tokens. "sum": no division. */
  readonly weighting?: "size" | "mean" | "sum";
}

/** The map that changes nothing. */
export function identityMap(state: TokenState, options: MapOptions = {}): TokenMap {
  return {
    matrix: identityRows(state.count),
    sizes: state.sizes.slice(),
    positions: state.positions.slice(),
    order: ascends(firstOrigins(state)) ? "spatial" : "official",
    ...(options.proportional ? { proportional: true } : {}),
  };
}

/** Keeps the tokens `kept`, in that order; the others are pruned. */
export function keepTokens(
  kept: Uint32Array,
  state: TokenState,
  options: MapOptions = {},
): TokenMap {
  checkIndices(kept, state.count);
  if (kept.length === state.count && ascends(kept)) return identityMap(state, options);
  const firsts = firstOrigins(state);
  return {
    matrix: keepRows(kept, state.count),
    sizes: Float32Array.from(kept, (n) => state.sizes[n]!),
    positions:
      options.positions === "keep" ? Int32Array.from(kept, (n) => state.positions[n]!) : "compact",
    order: ascends(kept.map((n) => firsts[n]!)) ? "spatial" : "official",
    ...(options.proportional ? { proportional: true } : {}),
  };
}

/** Merges tokens: token n goes into row `assignment[n]`, or is pruned at -1. Rows 0 .. rowCount - 1 all receive one. */
export function mergeTokens(
  assignment: Int32Array,
  rowCount: number,
  state: TokenState,
  options: MergeOptions = {},
): TokenMap {
  const matrix = groupRows(assignment, rowCount, state.count);
  if (rowCount === state.count && isIdentityRows(matrix)) return identityMap(state, options);
  const origins = firstOrigins(state);
  const sizes = new Float32Array(rowCount);
  const positions = new Int32Array(rowCount);
  const firsts = new Uint32Array(rowCount);
  for (let m = 0; m < rowCount; m++) {
    const start = matrix.starts[m]!;
    const end = matrix.starts[m + 1]!;
    let leader = matrix.sources[start]!;
    let size = 0;
    for (let i = start; i < end; i++) {
      const n = matrix.sources[i]!;
      size += state.sizes[n]!;
      if (origins[n]! < origins[leader]!) leader = n;
    }
    sizes[m] = size;
    positions[m] = state.positions[leader]!;
    firsts[m] = origins[leader]!;
    weigh(matrix, m, state.sizes, options.weighting ?? "size");
  }
  return {
    matrix,
    sizes,
    positions: options.positions === "keep" ? positions : "compact",
    order: ascends(firsts) ? "spatial" : "official",
    ...(options.proportional ? { proportional: true } : {}),
  };
}

/** Puts the tokens in the order of the first original token each stands for; null when they stand so already. */
export function spatialOrder(state: TokenState, options: MapOptions = {}): TokenMap | null {
  const firsts = firstOrigins(state);
  if (ascends(firsts)) return null;
  const order = Array.from({ length: state.count }, (_, m) => m);
  order.sort((a, b) => firsts[a]! - firsts[b]! || a - b);
  return keepTokens(Uint32Array.from(order), state, options);
}

/** Matrix whose row m holds the tokens assigned to m, ascending, with weight 1. */
function groupRows(assignment: Int32Array, rowCount: number, sourceCount: number): SparseRows {
  if (assignment.length !== sourceCount)
    throw new ArgumentError(
      "mergeTokens",
      "assignment",
      `of length ${sourceCount}`,
      assignment.length,
    );
  const starts = new Uint32Array(rowCount + 1);
  for (const row of assignment) {
    if (row < -1 || row >= rowCount)
      throw new ArgumentError("mergeTokens", "assignment", `in -1..${rowCount - 1}`, row);
    if (row >= 0) starts[row + 1]!++;
  }
  for (let m = 0; m < rowCount; m++) {
    if (starts[m + 1] === 0) throw new ArgumentError("mergeTokens", `row ${m}`, "given a token", 0);
    starts[m + 1]! += starts[m]!;
  }
  const sources = new Uint32Array(starts[rowCount]!);
  const next = starts.slice();
  for (let n = 0; n < sourceCount; n++) {
    const row = assignment[n]!;
    if (row >= 0) sources[next[row]!++] = n;
  }
  return {
    rowCount,
    sourceCount,
    starts,
    sources,
    weights: new Float32Array(sources.length).fill(1),
  };
}

function weigh(
  { starts, sources, weights }: SparseRows,
  m: number,
  sizes: Float32Array,
  weighting: "size" | "mean" | "sum",
): void {
  const start = starts[m]!;
  const end = starts[m + 1]!;
  if (weighting === "sum" || end - start === 1) return;
  let total = 0;
  for (let i = start; i < end; i++) total += weighting === "size" ? sizes[sources[i]!]! : 1;
  for (let i = start; i < end; i++)
    weights[i] = (weighting === "size" ? sizes[sources[i]!]! : 1) / total;
}

function checkIndices(kept: Uint32Array, count: number): void {
  const seen = new Uint8Array(count);
  for (const n of kept) {
    if (n >= count) throw new ArgumentError("keepTokens", "index", `below ${count}`, n);
    if (seen[n]) throw new ArgumentError("keepTokens", "indices", "distinct", n);
    seen[n] = 1;
  }
}

function ascends(values: Uint32Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i]! <= values[i - 1]!) return false;
  return true;
}
