/**
 * Tensors in and out of ONNX Runtime, of whichever of its copies.
 *
 * Needs    nothing installed: both runtimes and all their Tensor classes are told by shape, never by class
 * Cost     no copy, except where `copied` says so
 * State    a fed tensor is borrowed until `run()` settles: dispose it only then. With `own`, disposing our tensor disposes
 *          the foreign one
 * Errors   CapabilityError for data that is not on the CPU, DtypeError for types we don't have
 */
import { asTensorData, isDType, type TensorData } from "./dtypes.js";
import { ArgumentError, CapabilityError, DtypeError } from "./errors/index.js";
import { arrayStorage } from "./storage.js";
import { createTensor, storageOf, type Tensor } from "./tensor.js";
import type { DType } from "./types.js";

/** What `fromOrt` reads of a foreign tensor. `data` is not touched unless the location allows it. */
export interface OrtTensorLike {
  readonly type: string;
  readonly dims: readonly number[];
  readonly location?: string;
  readonly data: unknown;
  dispose?(): void;
}

/** A plain feed: both runtimes take it as it is. */
export interface OrtFeed {
  readonly type: DType;
  readonly dims: readonly number[];
  readonly data: TensorData;
  readonly location: "cpu";
}

/** The part of an ONNX Runtime module that `toOrt` uses. */
export interface OrtModule<T> {
  readonly Tensor: new (type: never, data: never, dims: readonly number[]) => T;
}

export function fromOrt(foreign: OrtTensorLike, options: { readonly own?: boolean } = {}): Tensor {
  const where = "fromOrt";
  const location = foreign.location ?? "cpu";
  if (location !== "cpu" && location !== "cpu-pinned") {
    throw new CapabilityError(
      where,
      [`tensors located at ${location}`],
      "Read it to the CPU first.",
    );
  }
  const { type, data } = foreign;
  if (!isDType(type)) throw new DtypeError(where, "an element type of Frugal", type);
  if (!ArrayBuffer.isView(data)) {
    throw new ArgumentError(where, "data", "a typed array", typeof data);
  }
  const array = asTensorData(where, data, type);
  const release = options.own ? () => foreign.dispose?.() : undefined;
  return createTensor(arrayStorage(array, release), type, foreign.dims);
}

/**
 * A feed for `session.run`. Without `ort` a plain object; with it an instance of its class, except for float16: there both
 * runtimes take the bits only from a plain object. Copied: views that are not contiguous, and wasm memory, which may
 * move while a run borrows it.
 */
export function toOrt(tensor: Tensor): { readonly tensor: OrtFeed; readonly copied: boolean };
export function toOrt<T>(
  tensor: Tensor,
  ort: OrtModule<T> | undefined,
): { readonly tensor: T | OrtFeed; readonly copied: boolean };
export function toOrt<T>(
  tensor: Tensor,
  ort?: OrtModule<T>,
): { readonly tensor: T | OrtFeed; readonly copied: boolean } {
  const { type } = tensor;
  const dims = [...tensor.dims];
  const moves = storageOf(tensor)?.kind === "wasm";
  const copied = moves || !tensor.isContiguous;
  const data = copied ? copyOf(tensor) : tensor.data;
  if (ort === undefined || type === "float16") {
    return { tensor: { type, dims, data, location: "cpu" }, copied };
  }
  return { tensor: new ort.Tensor(type as never, data as never, dims), copied };
}

/** The elements in an array of their own. */
function copyOf(tensor: Tensor): TensorData {
  if (tensor.isContiguous) return tensor.data.slice();
  const whole = tensor.contiguous();
  const { data } = whole;
  whole.dispose();
  return data;
}
