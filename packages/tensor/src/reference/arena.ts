/**
 * The memory of the reference back end: host arrays, counted.
 *
 * Units    bytes of tensors, weights and pages now allocated
 * State    tensors are the caller's; their bytes leave the books with the last handle
 * Errors   DeviceError when the host has no more memory; CapabilityError, DtypeError for what cannot be taken over
 */

import { sizeOf } from "../dims.js";
import { elementBytes } from "../dtypes.js";
import {
  ArgumentError,
  CapabilityError,
  DeviceError,
  DtypeError,
  ShapeError,
} from "../errors/index.js";
import { halvesToFloats } from "../half.js";
import { arrayStorage, type CpuStorage } from "../storage.js";
import { createTensor, storageOf, type Tensor } from "../tensor.js";
import type { TensorLike } from "../types.js";

export class Arena {
  #bytes = 0;
  readonly #owned = new WeakSet<CpuStorage>();

  get allocatedBytes(): number {
    return this.#bytes;
  }

  owns(tensor: Tensor): boolean {
    const storage = storageOf(tensor);
    return storage !== null && this.#owned.has(storage);
  }

  /** Host memory for weights and pages, booked until `free`. */
  allocate<A extends Float32Array | Int32Array | Int8Array>(
    make: new (length: number) => A,
    length: number,
  ): A {
    try {
      const array = new make(length);
      this.#bytes += array.byteLength;
      return array;
    } catch (error) {
      throw new DeviceError("reference", `no memory for ${length} elements`, error);
    }
  }

  free(byteLength: number): void {
    this.#bytes -= byteLength;
  }

  empty(dims: readonly number[], type: "float32" | "int32" = "float32"): Tensor {
    const where = "Backend.empty";
    if (type !== "float32" && type !== "int32")
      throw new DtypeError(where, "float32 | int32", type);
    const size = sizeOf(where, dims);
    if (size * elementBytes(type) > Number.MAX_SAFE_INTEGER) {
      throw new ArgumentError(where, "dims", "a size that can be counted", [...dims]);
    }
    const array =
      type === "float32" ? this.allocate(Float32Array, size) : this.allocate(Int32Array, size);
    const storage = arrayStorage(array, () => this.free(array.byteLength));
    this.#owned.add(storage);
    return createTensor(storage, type, dims);
  }

  upload(source: TensorLike): Tensor {
    const where = "Backend.upload";
    const data = elementsOf(where, source);
    const tensor = this.empty(source.dims, data instanceof Int32Array ? "int32" : "float32");
    (tensor.data as Float32Array).set(data);
    return tensor;
  }
}

/** The elements of a tensor on the CPU; float16 becomes float32. Borrowed where no conversion is needed. */
export function elementsOf(where: string, source: TensorLike): Float32Array | Int32Array {
  if (source.location !== "cpu") {
    throw new CapabilityError(where, [`tensors located at ${source.location}`], "Read it first.");
  }
  const { data, type } = source;
  const size = sizeOf(where, source.dims);
  const array = typed(where, type, data);
  if (array.length !== size) throw new ShapeError(where, source.dims, [array.length]);
  return array instanceof Uint16Array ? halvesToFloats(array) : array;
}

function typed(
  where: string,
  type: string,
  data: ArrayBufferView,
): Float32Array | Int32Array | Uint16Array {
  if (type === "float32" && data instanceof Float32Array) return data;
  if (type === "int32" && data instanceof Int32Array) return data;
  if (type === "float16" && data instanceof Uint16Array) return data;
  throw new DtypeError(where, "float32, float16 or int32 with its array", type);
}
