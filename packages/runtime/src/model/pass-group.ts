/**
 * The rows of one cache within a pass of the decoder: what they see, and who listens.
 *
 * Shapes   rows of several groups stand one after another in the residual stream
 */
import type { Cache } from "@frugal/kv-cache";
import type { AttentionMask, Tensor } from "@frugal/tensor";
import type { TapReader } from "./taps.js";

/** Rows of one cache within a pass. Positions are the layer's next ones unless given. */
export interface PassGroup {
  readonly cache: Cache;
  readonly rows: number;
  readonly parents?: Int32Array;
  /** [rows] distance of each row from the cache's next position; default 0, 1, 2, ... (depth in a tree). */
  readonly depths?: Int32Array;
  readonly positions?: Int32Array;
  readonly origins?: Int32Array;
  readonly taps?: TapReader;
}

/** Called with each layer's rotated queries before attention: what a later tap over past rows needs. */
export type QueryListener = (
  layer: number,
  query: Tensor,
  firstRow: number,
  group: PassGroup,
  positions: Int32Array,
) => void;

export function maskOf(group: PassGroup, positions: Int32Array): AttentionMask {
  return group.parents
    ? { kind: "tree", parents: group.parents, positions }
    : { kind: "causal", positions };
}

export function longest(cache: Cache, layer: number, kvHeadCount: number): number {
  let length = 0;
  for (let head = 0; head < kvHeadCount; head++) {
    length = Math.max(length, cache.length(layer, head));
  }
  return length;
}

export function tapEach(
  groups: readonly PassGroup[],
  layer: number,
  give: (taps: TapReader, first: number, count: number) => void,
): void {
  let first = 0;
  for (const { taps, rows } of groups) {
    if (taps?.wants(layer)) give(taps, first, rows);
    first += rows;
  }
}
