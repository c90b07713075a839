/**
 * The tokens of a request as steps change them: what the runtime carries from one stage to the next.
 *
 * Shapes   N tokens when the request opens; a map of M rows leaves M
 * Cost     O(M + entries of the composed rows)
 * Errors   ShapeError when a map is not over the tokens of the state
 */

import { identityRows, ShapeError } from "@frugal/tensor";
import { composeRows } from "@frugal/tensor/rows";
import type { TokenMap, TokenState } from "./types.js";

/** N tokens of size 1 at positions 0 .. N - 1. `first`: column of the first one in the sequence, at decoder stages. */
export function openState(tokenCount: number, first = 0): TokenState {
  return {
    count: tokenCount,
    first,
    sizes: new Float32Array(tokenCount).fill(1),
    positions: Int32Array.from({ length: tokenCount }, (_, n) => n),
    origins: identityRows(tokenCount),
  };
}

/** The state behind a map. `first` is that of the coming stage (default: the same). */
export function nextState(map: TokenMap, state: TokenState, first = state.first): TokenState {
  const { matrix } = map;
  if (matrix.sourceCount !== state.count)
    throw new ShapeError(
      "nextState: matrix of the map",
      [matrix.rowCount, state.count],
      [matrix.rowCount, matrix.sourceCount],
    );
  return {
    count: matrix.rowCount,
    first,
    sizes: map.sizes,
    positions:
      map.positions === "compact"
        ? Int32Array.from({ length: matrix.rowCount }, (_, m) => m)
        : map.positions,
    origins: composeRows(matrix, state.origins),
  };
}

/** The smallest original token that each current token stands for [count]; N for one that stands for none. */
export function firstOrigins({ count, origins }: TokenState): Uint32Array {
  const firsts = new Uint32Array(count).fill(origins.sourceCount);
  for (let m = 0; m < count; m++) {
    for (let i = origins.starts[m]!; i < origins.starts[m + 1]!; i++) {
      if (origins.sources[i]! < firsts[m]!) firsts[m] = origins.sources[i]!;
    }
  }
  return firsts;
}
