/**
 * What a token map does to features, and how maps follow one another.
 *
 * Shapes   features [count, C] f32  ->  [M, C]; restored [count, C]
 * Units    restored tokens: a merged token's features at each of its sources; zeros where a token was pruned
 * Cost     O(entries * C); a row with one source of weight 1 is copied bit for bit
 * Order    sums of a row in f64, in the order of its sources
 * Errors   ShapeError when extents disagree
 */

import { ShapeError } from "@frugal/tensor";
import { sparseRows } from "@frugal/tensor/ops";
import { composeRows, isIdentityRows } from "@frugal/tensor/rows";
import type { Floats, SparseRows, TokenMap } from "./types.js";

/** The new tokens' features [M, C]: the map's own where it brings them, otherwise matrix times features. */
export function applyMap(map: TokenMap, features: Floats): Floats {
  checkRows("applyMap", features, map.matrix.sourceCount);
  return map.features ?? sparseRows(map.matrix, features);
}

/** Features of the tokens before the map [count, C], from those after it [M, C]. */
export function restoreTokens(map: TokenMap, features: Floats): Floats {
  checkRows("restoreTokens", features, map.matrix.rowCount);
  return sparseRows(restoringRows(map), features);
}

/** One map for `first` and then `second`. */
export function composeMaps(first: TokenMap, second: TokenMap): TokenMap {
  const { rowCount, sourceCount } = second.matrix;
  if (sourceCount !== first.matrix.rowCount)
    throw new ShapeError(
      "composeMaps: second matrix",
      [rowCount, first.matrix.rowCount],
      [rowCount, sourceCount],
    );
  const features = second.features ?? (first.features && sparseRows(second.matrix, first.features));
  const proportional = second.proportional ?? first.proportional;
  return {
    matrix: composeRows(second.matrix, first.matrix),
    sizes: second.sizes,
    positions: second.positions,
    order: second.order,
    restoring: composeRows(restoringRows(first), restoringRows(second)),
    ...(features ? { features } : {}),
    ...(proportional === undefined ? {} : { proportional }),
  };
}

/** True when the map changes no features: every token stays, in its place, alone. */
export function isIdentity(map: TokenMap): boolean {
  return map.features === undefined && isIdentityRows(map.matrix);
}

/** count x M: the map's own rows, or the transpose of its matrix with rows normalised to sum 1. */
export function restoringRows({ matrix, restoring }: TokenMap): SparseRows {
  if (restoring) return restoring;
  const { rowCount, sourceCount } = matrix;
  const starts = new Uint32Array(sourceCount + 1);
  const sums = new Float64Array(sourceCount);
  for (let i = 0; i < matrix.sources.length; i++) {
    starts[matrix.sources[i]! + 1]!++;
    sums[matrix.sources[i]!]! += matrix.weights[i]!;
  }
  for (let n = 0; n < sourceCount; n++) starts[n + 1]! += starts[n]!;
  const sources = new Uint32Array(matrix.sources.length);
  const weights = new Float32Array(matrix.sources.length);
  const next = starts.slice();
  for (let m = 0; m < rowCount; m++) {
    for (let i = matrix.starts[m]!; i < matrix.starts[m + 1]!; i++) {
      const n = matrix.sources[i]!;
      const at = next[n]!++;
      sources[at] = m;
      weights[at] = sums[n] === 0 ? 0 : matrix.weights[i]! / sums[n]!;
    }
  }
  return { rowCount: sourceCount, sourceCount: rowCount, starts, sources, weights };
}

function checkRows(where: string, features: Floats, rowCount: number): void {
  if (features.dims.length !== 2 || features.dims[0] !== rowCount)
    throw new ShapeError(`${where}: features`, [rowCount, -1], features.dims);
}
