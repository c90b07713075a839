/**
 * What each element type is: its bytes and its array.
 *
 * Units    bytes
 * Errors   DtypeError for an array or a name that no element type has
 */
import { DtypeError } from "./errors/index.js";
import type { DType } from "./types.js";

export type TensorData =
  | Float32Array
  | Int32Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Int8Array
  | BigInt64Array;

const ELEMENT_BYTES: Readonly<Record<DType, number>> = {
  float32: 4,
  float16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  int8: 1,
  uint8: 1,
  bool: 1,
};

const TYPE_OF_ARRAY: Readonly<Record<string, DType>> = {
  Float32Array: "float32",
  Float16Array: "float16",
  Uint16Array: "float16",
  Int32Array: "int32",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
  Int8Array: "int8",
  Uint8Array: "uint8",
};

export function isDType(name: unknown): name is DType {
  return typeof name === "string" && Object.hasOwn(ELEMENT_BYTES, name);
}

export function elementBytes(type: DType): number {
  return ELEMENT_BYTES[type];
}

/** The element type that an array stands for; 16-bit words are taken for the bits of float16. */
export function typeOfArray(where: string, data: ArrayBufferView): DType {
  const name = Object.prototype.toString.call(data).slice(8, -1);
  if (!Object.hasOwn(TYPE_OF_ARRAY, name)) {
    throw new DtypeError(where, Object.keys(TYPE_OF_ARRAY).join(" | "), name);
  }
  return TYPE_OF_ARRAY[name]!;
}

export function viewOf(
  type: DType,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): TensorData {
  switch (type) {
    case "float32":
      return new Float32Array(buffer, byteOffset, length);
    case "float16":
      return new Uint16Array(buffer, byteOffset, length);
    case "int32":
      return new Int32Array(buffer, byteOffset, length);
    case "uint32":
      return new Uint32Array(buffer, byteOffset, length);
    case "int64":
      return new BigInt64Array(buffer, byteOffset, length);
    case "int8":
      return new Int8Array(buffer, byteOffset, length);
    default:
      return new Uint8Array(buffer, byteOffset, length);
  }
}

/** A view of the same memory as one of our arrays: Float16Array and the like become their bits. */
export function asTensorData(where: string, data: ArrayBufferView, type: DType): TensorData {
  const own = typeOfArray(where, data);
  const fits = own === type || (own === "uint8" && type === "bool");
  if (!fits) throw new DtypeError(where, type, own);
  return viewOf(type, data.buffer, data.byteOffset, data.byteLength / ELEMENT_BYTES[type]);
}
