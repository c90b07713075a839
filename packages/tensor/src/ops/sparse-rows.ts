/**
 * Applies a sparse map: every row of the result is a weighted sum of rows.
 *
 * Shapes   map M x N, rows [N, C]  ->  [M, C]
 * Order    sums in f64, in the order of the map; one source of weight 1 is copied bit for bit
 * Cost     O(entries C)
 * Errors   ShapeError; ArgumentError for a map that is not well formed
 */
import { ShapeError } from "../errors/index.js";
import { sparseRows as fill } from "../reference/sparse-rows.js";
import { checkRows } from "../sparse-rows.js";
import { floats } from "../tensor.js";
import type { Floats, SparseRows } from "../types.js";
import { matrixOf } from "./shapes.js";

export function sparseRows(map: SparseRows, rows: Floats): Floats {
  const [count, width] = matrixOf("sparseRows", rows);
  checkRows("sparseRows", map);
  if (map.sourceCount !== count)
    throw new ShapeError("sparseRows", [map.sourceCount, width], rows.dims);
  const out = floats([map.rowCount, width]);
  fill(map, rows.data, out.data, width);
  return out;
}
