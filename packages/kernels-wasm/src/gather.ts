/**
 * Rows of a table by index: of a packed weight or of a tensor.
 *
 * Shapes   table [N, K], indices [R]  ->  out rows outRow .. outRow + R
 * Order    none for f32 tables: bit for bit; int8 tables are decoded
 * Errors   ArgumentError for an index out of range; those of `Door`
 */
import { ArgumentError, isTensor, ShapeError, type Tensor, type Weight } from "@frugal/tensor";
import type { Core } from "./core.js";
import { ownWeight } from "./weights.js";

const WHERE = "Backend.gather";

export function gather(
  core: Core,
  table: Weight | Tensor,
  indices: Uint32Array | Int32Array,
  out: Tensor,
  outRow: number,
): void {
  const { door } = core;
  door.count(WHERE, "outRow", outRow);
  const width = door.rows(`${WHERE}: out`, out, outRow + indices.length);
  const weight = isTensor(table) ? null : ownWeight(core, WHERE, table);
  if (weight === null) {
    door.rowsOf(`${WHERE}: table`, table as Tensor, 0, width);
    door.apart(WHERE, table as Tensor, out);
  } else if (weight.dims[1] !== width) {
    throw new ShapeError(`${WHERE}: out`, [-1, weight.dims[1]], out.dims);
  }
  const total = table.dims[0]!;
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(index >= 0 && index < total)) {
      throw new ArgumentError(WHERE, `indices[${i}]`, `in 0..${total - 1}`, index);
    }
  }
  const to = core.at(out) + outRow * width * 4;
  if (weight === null) {
    gatherTensor(core, core.at(table as Tensor), indices, to, width);
    return;
  }
  const at = core.stageInts(indices);
  if (weight.format === "f32") {
    core.kernels.gatherF32(weight.packed, at, to, indices.length, width);
  } else {
    core.kernels.gatherInt8(weight.packed, at, to, indices.length, width);
  }
}

function gatherTensor(
  core: Core,
  table: number,
  indices: Uint32Array | Int32Array,
  out: number,
  width: number,
): void {
  const { bytes } = core.arena;
  for (let i = 0; i < indices.length; i++) {
    const from = table + indices[i]! * width * 4;
    bytes.copyWithin(out + i * width * 4, from, from + width * 4);
  }
}
