/**
 * Arithmetic of extents and strides, in elements.
 *
 * Errors   ArgumentError for an extent that is not a count, or a product beyond the safe integers
 */
import { ArgumentError } from "./errors/index.js";

export function sizeOf(where: string, dims: readonly number[]): number {
  let size = 1;
  for (const extent of dims) {
    if (!Number.isSafeInteger(extent) || extent < 0) {
      throw new ArgumentError(where, "dims", "non-negative integers", [...dims]);
    }
    size *= extent;
  }
  if (!Number.isSafeInteger(size)) {
    throw new ArgumentError(where, "dims", "a product within the safe integers", [...dims]);
  }
  return size;
}

export function rowMajorStrides(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length);
  let stride = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= Math.max(1, dims[axis]!); // an empty axis leaves the strides of the others positive
  }
  return strides;
}

/** Axes of extent 1 never move, so their stride does not matter; nothing to hold is contiguous. */
export function isRowMajor(dims: readonly number[], strides: readonly number[]): boolean {
  if (dims.includes(0)) return true;
  let expected = 1;
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    if (dims[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= dims[axis]!;
  }
  return true;
}

/** One past the last element that a view touches, counted from its offset. */
export function extentOf(dims: readonly number[], strides: readonly number[]): number {
  let last = 0;
  for (let axis = 0; axis < dims.length; axis++) {
    if (dims[axis] === 0) return 0;
    last += (dims[axis]! - 1) * strides[axis]!;
  }
  return last + 1;
}
