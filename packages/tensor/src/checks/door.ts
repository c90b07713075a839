/**
 * The door of a back end: what every operation checks before it runs, the same for all of them.
 *
 * Shapes   an activation is [R, ...] f32 with R >= rows; its width is the product of the extents behind the first
 * Cost     O(rank) a tensor, no allocation
 * Errors   StateError for disposed, foreign or strided tensors; DtypeError, ShapeError, ArgumentError for the rest
 */
import { ArgumentError, DtypeError, ShapeError, StateError } from "../errors/index.js";
import { isTensor, storageOf, type Tensor } from "../tensor.js";
import type { DType } from "../types.js";

export class Door {
  readonly #owns: (tensor: Tensor) => boolean;

  /** `owns`: was the tensor (or the memory it views) made by this back end? */
  constructor(owns: (tensor: Tensor) => boolean) {
    this.#owns = owns;
  }

  /** A live, contiguous tensor of this back end. `part` joins `where` in a message; nothing is joined before. */
  tensor(where: string, tensor: Tensor, type: DType = "float32", part = ""): void {
    if (!isTensor(tensor)) throw new StateError(at(where, part), "not a tensor of this back end");
    if (tensor.isDisposed) throw new StateError(at(where, part), "the tensor is disposed");
    if (!this.#owns(tensor)) {
      const remedy = "Upload it first.";
      throw new StateError(at(where, part), "the tensor belongs to another memory", remedy);
    }
    if (tensor.type !== type) throw new DtypeError(at(where, part), type, tensor.type);
    if (!tensor.isContiguous) {
      const remedy = "Call contiguous() first.";
      throw new StateError(at(where, part), "the view is not contiguous", remedy);
    }
  }

  /** Checks an activation of at least `rows` rows; returns its width. */
  rows(where: string, tensor: Tensor, rows: number, type: DType = "float32", part = ""): number {
    this.tensor(where, tensor, type, part);
    const { dims } = tensor;
    if (dims.length < 2 || !(dims[0]! >= rows)) {
      throw new ShapeError(at(where, part), [rows, -1], dims, "At least that many rows.");
    }
    let width = 1;
    for (let axis = 1; axis < dims.length; axis++) width *= dims[axis]!;
    return width;
  }

  /** The same, of a width that is known. */
  rowsOf(
    where: string,
    tensor: Tensor,
    rows: number,
    width: number,
    type: DType = "float32",
    part = "",
  ): void {
    if (this.rows(where, tensor, rows, type, part) !== width) {
      throw new ShapeError(at(where, part), [rows, width], tensor.dims, "At least that many rows.");
    }
  }

  /** Exactly `length` elements, whatever the rank. */
  vector(where: string, tensor: Tensor, length: number): void {
    this.tensor(where, tensor);
    if (tensor.size !== length) throw new ShapeError(where, [length], tensor.dims);
  }

  /** At least `size` elements, written from the first on: outputs whose extents change from call to call. */
  room(where: string, tensor: Tensor, size: number, type: DType = "float32", part = ""): void {
    this.tensor(where, tensor, type, part);
    if (tensor.size < size) {
      throw new ShapeError(at(where, part), [size], tensor.dims, "At least that many.");
    }
  }

  count(where: string, name: string, value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new ArgumentError(where, name, "a non-negative integer", value);
    }
  }

  number(where: string, name: string, value: number): void {
    if (!Number.isFinite(value)) throw new ArgumentError(where, name, "a finite number", value);
  }

  /** Operations that read a row after they have written another may not write where they read. */
  apart(where: string, input: Tensor, out: Tensor): void {
    if (storageOf(input) !== storageOf(out)) return;
    const separate =
      input.offset + input.size <= out.offset || out.offset + out.size <= input.offset;
    if (!separate && input.size > 0 && out.size > 0) {
      throw new ArgumentError(where, "out", "memory apart from the input's", "the same memory");
    }
  }
}

const at = (where: string, part: string): string => (part === "" ? where : `${where}: ${part}`);
