/** Placeholder of the seam: the tensor helper replaces this file. */
import type { DType, TensorLike } from "./types.js";

/** A tensor with storage that is counted: views on CPU storage, whole buffers on a GPU. */
export interface Tensor extends TensorLike {
  readonly type: DType;
  readonly dims: readonly number[];
  /** In elements. */
  readonly strides: readonly number[];
  /** In elements from the start of the storage. */
  readonly offset: number;
  readonly size: number;
  readonly isContiguous: boolean;
  readonly isDisposed: boolean;
  readonly data:
    | Float32Array
    | Int32Array
    | Uint32Array
    | Uint16Array
    | Uint8Array
    | Int8Array
    | BigInt64Array;
  /** Views share the storage and count as a reference of their own. */
  slice(axis: number, start: number, end: number): Tensor;
  permute(order: readonly number[]): Tensor;
  reshape(dims: readonly number[]): Tensor;
  contiguous(): Tensor;
  retain(): Tensor;
  dispose(): void;
  [Symbol.dispose](): void;
}
