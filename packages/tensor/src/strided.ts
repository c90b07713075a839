/** Copies a strided view into row-major order: the one loop behind `contiguous`. */
import type { TensorData } from "./dtypes.js";

/** `source` begins at the view's first element; `target` holds exactly its elements. */
export function copyStrided(
  source: TensorData,
  target: TensorData,
  dims: readonly number[],
  strides: readonly number[],
): void {
  const index = new Array<number>(dims.length).fill(0);
  let from = 0;
  for (let to = 0; to < target.length; to++) {
    target[to] = source[from]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      from += strides[axis]!;
      if (index[axis]! < dims[axis]!) break;
      from -= dims[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
}
