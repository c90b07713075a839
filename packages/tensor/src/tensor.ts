/**
 * A tensor over counted CPU memory: views share it, the last one frees it.
 *
 * Shapes   dims in elements, row-major by default; strides and offset in elements of the type
 * Cost     a view is O(rank); `contiguous` copies only what is not contiguous yet
 * State    each handle is a reference of its own: `retain`, `slice`, `permute`, `reshape` and `contiguous` give new ones,
 *          each to be disposed; disposing twice does nothing
 * Errors   StateError for a disposed handle, for `data` of a view that is not contiguous, or for memory that was
 *          transferred away; ArgumentError, ShapeError, DtypeError for what does not fit
 */
import { extentOf, isRowMajor, rowMajorStrides, sizeOf } from "./dims.js";
import {
  asTensorData,
  elementBytes,
  isDType,
  type TensorData,
  typeOfArray,
  viewOf,
} from "./dtypes.js";
import { ArgumentError, DtypeError, ShapeError, StateError } from "./errors/index.js";
import { arrayStorage, type CountedStorage, type CpuStorage } from "./storage.js";
import { copyStrided } from "./strided.js";
import type { DType, Floats, TensorLike } from "./types.js";

const BRAND = /* @__PURE__ */ Symbol.for("frugal.tensor/v1");

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
  readonly data: TensorData;
  /** Views share the storage and count as a reference of their own. */
  slice(axis: number, start: number, end: number): Tensor;
  permute(order: readonly number[]): Tensor;
  /** Of a contiguous tensor. */
  reshape(dims: readonly number[]): Tensor;
  /** Itself, once more, where it is contiguous; otherwise a copy. */
  contiguous(): Tensor;
  /** A second handle on the same elements. */
  retain(): Tensor;
  dispose(): void;
  [Symbol.dispose](): void;
}

class CpuTensor implements Tensor {
  readonly location = "cpu";
  readonly [BRAND]: CountedStorage;
  readonly type: DType;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly size: number;
  readonly isContiguous: boolean;
  #disposed = false;
  #data: TensorData | null = null;

  constructor(
    counted: CountedStorage,
    type: DType,
    dims: readonly number[],
    strides: readonly number[],
    offset: number,
  ) {
    this[BRAND] = counted;
    this.type = type;
    this.dims = dims;
    this.strides = strides;
    this.offset = offset;
    this.size = dims.reduce((product, extent) => product * extent, 1);
    this.isContiguous = isRowMajor(dims, strides);
    counted.references++;
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  get data(): TensorData {
    this.#live("data");
    const { storage } = this[BRAND];
    const { buffer } = storage;
    const cached = this.#data;
    if (cached !== null && cached.buffer === buffer && cached.length === this.size) return cached;
    if (!this.isContiguous) {
      throw new StateError(
        "Tensor.data",
        `the view [${this.dims.join(", ")}] is not contiguous`,
        "Call contiguous() first.",
      );
    }
    const bytes = elementBytes(this.type);
    const start = storage.byteOffset + this.offset * bytes;
    if (start + this.size * bytes > buffer.byteLength) {
      throw new StateError("Tensor.data", "the memory was transferred away");
    }
    this.#data = viewOf(this.type, buffer, start, this.size);
    return this.#data;
  }

  slice(axis: number, start: number, end: number): Tensor {
    this.#live("slice");
    const extent = this.dims[axis];
    if (extent === undefined) {
      throw new ArgumentError("Tensor.slice", "axis", `an axis below ${this.dims.length}`, axis);
    }
    if (!Number.isInteger(start) || !Number.isInteger(end) || !(0 <= start && start <= end)) {
      throw new ArgumentError("Tensor.slice", "start..end", "ascending integers", [start, end]);
    }
    if (end > extent) throw new ArgumentError("Tensor.slice", "end", `at most ${extent}`, end);
    const dims = this.dims.with(axis, end - start);
    // A view of nothing stays at the start: it may not point past the storage.
    const offset = dims.includes(0) ? this.offset : this.offset + start * this.strides[axis]!;
    return new CpuTensor(this[BRAND], this.type, dims, this.strides, offset);
  }

  permute(order: readonly number[]): Tensor {
    this.#live("permute");
    const axes = this.dims.map((_, axis) => axis);
    if (order.length !== axes.length || !axes.every((axis) => order.includes(axis))) {
      throw new ArgumentError("Tensor.permute", "order", `an order of ${axes.length} axes`, order);
    }
    const dims = order.map((axis) => this.dims[axis]!);
    const strides = order.map((axis) => this.strides[axis]!);
    return new CpuTensor(this[BRAND], this.type, dims, strides, this.offset);
  }

  reshape(dims: readonly number[]): Tensor {
    this.#live("reshape");
    if (sizeOf("Tensor.reshape", dims) !== this.size) {
      throw new ShapeError("Tensor.reshape", this.dims, dims, "The number of elements must stay.");
    }
    if (!this.isContiguous) {
      throw new StateError("Tensor.reshape", "not contiguous", "Call contiguous() first.");
    }
    return new CpuTensor(this[BRAND], this.type, [...dims], rowMajorStrides(dims), this.offset);
  }

  contiguous(): Tensor {
    this.#live("contiguous");
    if (this.isContiguous) return this.retain();
    const { storage } = this[BRAND];
    const bytes = elementBytes(this.type);
    const source = viewOf(
      this.type,
      storage.buffer,
      storage.byteOffset + this.offset * bytes,
      extentOf(this.dims, this.strides),
    );
    const copy = viewOf(this.type, new ArrayBuffer(this.size * bytes), 0, this.size);
    copyStrided(source, copy, this.dims, this.strides);
    return tensorFrom(copy, this.dims, this.type);
  }

  retain(): Tensor {
    this.#live("retain");
    return new CpuTensor(this[BRAND], this.type, this.dims, this.strides, this.offset);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#data = null;
    const counted = this[BRAND];
    if (--counted.references === 0) counted.storage.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #live(what: string): void {
    if (this.#disposed) throw new StateError(`Tensor.${what}`, "the tensor is disposed");
  }
}

/** A tensor that takes over `storage`: one call a storage, its views share the count. */
export function createTensor(
  storage: CpuStorage,
  type: DType,
  dims: readonly number[],
  strides: readonly number[] = rowMajorStrides(dims),
  offset = 0,
): Tensor {
  const where = "createTensor";
  if (!isDType(type)) throw new DtypeError(where, "an element type", String(type));
  sizeOf(where, dims);
  if (strides.length !== dims.length)
    throw new ShapeError(where, dims, strides, "One stride an axis.");
  for (let axis = 0; axis < dims.length; axis++) {
    const stride = strides[axis]!;
    if (!Number.isSafeInteger(stride) || stride < 0 || (stride === 0 && dims[axis]! > 1)) {
      throw new ArgumentError(where, "strides", "positive integers", [...strides]);
    }
  }
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw new ArgumentError(where, "offset", "a non-negative integer", offset);
  }
  const bytes = elementBytes(type);
  if (storage.byteOffset % bytes !== 0) {
    throw new ArgumentError(where, "byteOffset", `a multiple of ${bytes}`, storage.byteOffset);
  }
  const needed = (offset + extentOf(dims, strides)) * bytes;
  if (!(needed <= storage.byteLength)) {
    throw new ArgumentError(where, "storage", `at least ${needed} bytes`, storage.byteLength);
  }
  return new CpuTensor({ storage, references: 0 }, type, [...dims], [...strides], offset);
}

/** Borrows an array, which must hold exactly the elements; numbers are copied. Uint16Array means float16 bits. */
export function tensorFrom(
  data: ArrayBufferView | readonly number[],
  dims: readonly number[],
  type?: DType,
): Tensor {
  const where = "tensorFrom";
  const size = sizeOf(where, dims);
  const array = ArrayBuffer.isView(data)
    ? asTensorData(where, data, type ?? typeOfArray(where, data))
    : fromNumbers(where, data, type ?? "float32");
  if (array.length !== size) throw new ShapeError(where, dims, [array.length]);
  return createTensor(arrayStorage(array), type ?? typeOfArray(where, array), dims);
}

function fromNumbers(where: string, numbers: readonly number[], type: DType): TensorData {
  switch (type) {
    case "float32":
      return Float32Array.from(numbers);
    case "int32":
      return Int32Array.from(numbers);
    case "uint32":
      return Uint32Array.from(numbers);
    case "int8":
      return Int8Array.from(numbers);
    case "uint8":
    case "bool":
      return Uint8Array.from(numbers);
    default:
      throw new DtypeError(where, "a type that plain numbers have", type, "Give its typed array.");
  }
}

/** What methods receive and return: a plain object, nothing to dispose. Zeros without `data`. */
export function floats(dims: readonly number[], data?: Float32Array): Floats {
  const size = sizeOf("floats", dims);
  if (data !== undefined && data.length !== size)
    throw new ShapeError("floats", dims, [data.length]);
  return {
    type: "float32",
    dims: [...dims],
    location: "cpu",
    data: data ?? new Float32Array(size),
  };
}

/** True for a tensor of any installed copy of this package. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** The memory of a CPU tensor, for the back end that made it; null for tensors that have none. */
export function storageOf(tensor: Tensor): CpuStorage | null {
  const counted = (tensor as { readonly [BRAND]?: CountedStorage })[BRAND];
  return counted?.storage ?? null;
}

/** How many handles hold the memory of a CPU tensor; 0 for tensors that have none. */
export function referencesOf(tensor: Tensor): number {
  const counted = (tensor as { readonly [BRAND]?: CountedStorage })[BRAND];
  return counted?.references ?? 0;
}
