/**
 * Tensors to and from workers, as plain messages.
 *
 * Shapes   {type, dims, strides, offset, buffer}; strides and offset in elements
 * Cost     a copy of the elements, or none with `move`
 * State    `move` gives the buffer away and disposes the tensor: only for host memory that nobody else holds. wasm memory
 *          is always copied
 * Errors   StateError where `move` is not possible; a hostile message: ArgumentError, DtypeError
 */
import { elementBytes, isDType } from "./dtypes.js";
import { ArgumentError, DtypeError, StateError } from "./errors/index.js";
import { arrayStorage } from "./storage.js";
import { createTensor, referencesOf, storageOf, type Tensor } from "./tensor.js";
import type { DType } from "./types.js";

export interface TensorMessage {
  readonly type: DType;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly buffer: ArrayBuffer;
}

export interface TensorParcel {
  readonly message: TensorMessage;
  /** The second argument of `postMessage`. */
  readonly transfer: ArrayBuffer[];
}

export function toTransfer(
  tensor: Tensor,
  options: { readonly move?: boolean } = {},
): TensorParcel {
  if (options.move) return moved(tensor);
  const whole = tensor.contiguous();
  const { type, dims, strides, data } = whole;
  // `slice` of a view over shared memory would be shared again: fill an array of our own.
  const buffer = new ArrayBuffer(data.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  whole.dispose();
  const message = { type, dims: [...dims], strides: [...strides], offset: 0, buffer };
  return { message, transfer: [buffer] };
}

export function fromTransfer(message: TensorMessage): Tensor {
  const where = "fromTransfer";
  const { type, dims, strides, offset, buffer } = message;
  if (!isDType(type)) throw new DtypeError(where, "an element type", String(type));
  if (!(buffer instanceof ArrayBuffer)) {
    throw new ArgumentError(where, "buffer", "an ArrayBuffer", typeof buffer);
  }
  if (!Array.isArray(dims) || !Array.isArray(strides)) {
    throw new ArgumentError(where, "dims, strides", "arrays", [typeof dims, typeof strides]);
  }
  return createTensor(arrayStorage(new Uint8Array(buffer)), type, dims, strides, offset);
}

function moved(tensor: Tensor): TensorParcel {
  const where = "toTransfer";
  const storage = storageOf(tensor);
  if (storage?.kind !== "array" || !(storage.buffer instanceof ArrayBuffer)) {
    throw new StateError(where, "only host memory can be moved", "Leave `move` out for a copy.");
  }
  if (tensor.isDisposed || referencesOf(tensor) !== 1) {
    throw new StateError(where, `${referencesOf(tensor)} references, a move needs the only one`);
  }
  const { type } = tensor;
  const first = storage.byteOffset / elementBytes(type);
  const message = {
    type,
    dims: [...tensor.dims],
    strides: [...tensor.strides],
    offset: first + tensor.offset,
    buffer: storage.buffer,
  };
  tensor.dispose();
  return { message, transfer: [message.buffer] };
}
