/** Checks that the primitives share. */
import { DtypeError, ShapeError, StateError } from "../errors/index.js";
import type { Floats } from "../types.js";

/** Rows and columns of a matrix; a tensor of any other rank is refused. */
export function matrixOf(where: string, tensor: Floats): readonly [rows: number, width: number] {
  const { dims, type, location } = tensor;
  if (type !== "float32") throw new DtypeError(where, "float32", type);
  if (location !== "cpu") throw new StateError(where, `the tensor is located at ${location}`);
  const [rows, width] = dims;
  if (dims.length !== 2) throw new ShapeError(where, [-1, -1], dims);
  if (tensor.data.length !== rows! * width!)
    throw new ShapeError(where, dims, [tensor.data.length]);
  return [rows!, width!];
}

/** Rows of a matrix of known width. */
export function rowsOf(where: string, tensor: Floats, width: number): number {
  const [rows, own] = matrixOf(where, tensor);
  if (own !== width) throw new ShapeError(where, [-1, width], tensor.dims);
  return rows;
}
