/**
 * Operations that choose or combine rows and columns.
 *
 * Shapes   as `Backend` says
 * Errors   those of `Door`; ArgumentError, ShapeError for maps that do not fit
 */
import { ArgumentError, type SparseRows, type Tensor } from "@frugal/tensor";
import { checkRows } from "@frugal/tensor/rows";
import type { Core } from "./core.js";

export function topk(
  core: Core,
  input: Tensor,
  k: number,
  indices: Tensor,
  values: Tensor,
  rows: number,
): void {
  const where = "Backend.topk";
  const { door } = core;
  door.count(where, "rows", rows);
  door.count(where, "k", k);
  const width = door.rows(`${where}: input`, input, rows);
  if (k > width) throw new ArgumentError(where, "k", `at most ${width}`, k);
  door.rowsOf(`${where}: indices`, indices, rows, k, "int32");
  door.rowsOf(`${where}: values`, values, rows, k);
  door.apart(where, input, values);
  if (k === 0) return;
  const heap = core.work.need(k * 8);
  core.kernels.topk(core.at(input), k, core.at(indices), core.at(values), rows, width, heap);
}

export function applyRows(core: Core, map: SparseRows, input: Tensor, out: Tensor): void {
  const where = "Backend.sparseRows";
  const { door, arena, kernels } = core;
  checkRows(where, map);
  const { rowCount, sourceCount, starts, sources, weights } = map;
  const width = door.rows(`${where}: input`, input, sourceCount);
  door.rowsOf(`${where}: out`, out, rowCount, width);
  door.apart(where, input, out);
  const at = core.staging.need((starts.length + sources.length + weights.length) * 4);
  const sourceAt = at + starts.length * 4;
  const weightAt = sourceAt + sources.length * 4;
  arena.ints.set(starts, at / 4);
  arena.ints.set(sources, sourceAt / 4);
  arena.floats.set(weights, weightAt / 4);
  kernels.sparseRows(at, sourceAt, weightAt, core.at(input), core.at(out), rowCount, width);
}
