/**
 * Reads a safetensors file: names, types, shapes, and views of the data.
 *
 * Format   https://huggingface.co/docs/safetensors: header length (8 bytes, little-endian), JSON header, data without holes
 * Shapes   bytes  ->  tensors, row-major
 * Cost     O(header); data is a view made when first asked for, copied only where it is not aligned to its type
 * State    the views keep `bytes` alive, and see later writes to it
 * Errors   FormatError with the offset for a header that lies; CapabilityError for a type that exists but has no typed array
 */
import type { DType } from "@frugal/tensor";
import { CapabilityError, FormatError } from "@frugal/tensor/errors";
import { isObject, type JsonObject, type JsonValue, readJson } from "./json.js";

/** A header takes about 100 bytes a tensor; the largest published models stay below 2 MiB. */
export const MAX_HEADER_BYTES = 16 * 2 ** 20;
/** Ten times what the largest published mixture of experts has in one file. */
export const MAX_TENSORS = 2 ** 18;
/** No stored tensor has more axes than a video patch embedding (5). */
export const MAX_RANK = 16;
/** Object, entry, list; metadata values are strings. */
const HEADER_DEPTH = 4;
const LENGTH_BYTES = 8;
const OPENING_BRACE = 0x7b;
const WHERE = "safetensors";

export type SafetensorsType = DType | "bfloat16" | "float64" | "int16" | "uint16";

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

/** float16 and bfloat16 stay as bits; bool is one byte. */
export interface StoredTensor {
  readonly type: SafetensorsType;
  readonly dims: readonly number[];
  readonly location: "cpu";
  readonly data: TensorData;
}

export interface SafetensorsFile {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

type Make = new (buffer: ArrayBufferLike, offset: number, length: number) => TensorData;
type Stored = readonly [type: SafetensorsType, width: number, make: Make];

const TYPES: Readonly<Record<string, Stored>> = {
  F64: ["float64", 8, Float64Array],
  F32: ["float32", 4, Float32Array],
  F16: ["float16", 2, Uint16Array],
  BF16: ["bfloat16", 2, Uint16Array],
  I64: ["int64", 8, BigInt64Array],
  I32: ["int32", 4, Int32Array],
  I16: ["int16", 2, Int16Array],
  I8: ["int8", 1, Int8Array],
  U32: ["uint32", 4, Uint32Array],
  U16: ["uint16", 2, Uint16Array],
  U8: ["uint8", 1, Uint8Array],
  BOOL: ["bool", 1, Uint8Array],
};
const OTHER_TYPES = /^(?:U64|F8_\w+|F4|F6_\w+|C64)$/;

export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const headerLength = lengthOf(bytes);
  const start = LENGTH_BYTES + headerLength;
  if (bytes[LENGTH_BYTES] !== OPENING_BRACE) fail("the header does not begin with {", LENGTH_BYTES);
  const offsets = new Map<string, number>();
  const header = readJson(bytes.subarray(LENGTH_BYTES, start), WHERE, {
    offset: LENGTH_BYTES,
    maxDepth: HEADER_DEPTH,
    onKey: (key, offset) => offsets.set(key, offset),
  }) as JsonObject;
  if (offsets.size > MAX_TENSORS + 1) {
    const limit = `MAX_TENSORS = ${MAX_TENSORS}`;
    throw new FormatError(WHERE, `${offsets.size} tensors`, { offset: LENGTH_BYTES, limit });
  }
  const tensors = new Map<string, StoredTensor>();
  const spans: Span[] = [];
  let metadata: ReadonlyMap<string, string> = new Map();
  for (const [name, entry] of Object.entries(header)) {
    const at = offsets.get(name) as number;
    if (name === "__metadata__") metadata = metadataOf(entry, at);
    else tensors.set(name, tensorOf(name, entry, at, bytes, start, spans));
  }
  checkSpans(spans, bytes.byteLength - start, start);
  return { tensors, metadata };
}

interface Span {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

function lengthOf(bytes: Uint8Array): number {
  if (bytes.byteLength < LENGTH_BYTES) fail(`a file of ${bytes.byteLength} bytes has no header`, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > MAX_HEADER_BYTES) {
    const limit = `MAX_HEADER_BYTES = ${MAX_HEADER_BYTES}`;
    throw new FormatError(WHERE, `a header of ${length} bytes`, { offset: 0, limit });
  }
  if (LENGTH_BYTES + length > bytes.byteLength) {
    fail(`a header of ${length} bytes in a file of ${bytes.byteLength}`, 0);
  }
  return length;
}

function tensorOf(
  name: string,
  entry: JsonValue,
  at: number,
  bytes: Uint8Array,
  start: number,
  spans: Span[],
): StoredTensor {
  const label = JSON.stringify(name.slice(0, 80));
  if (!isObject(entry)) fail(`tensor ${label} is no object`, at);
  const { dtype, shape, data_offsets } = entry;
  const stored = storedType(label, dtype, at);
  if (!isCounts(shape)) fail(`tensor ${label}: shape is no list of sizes`, at);
  if (shape.length > MAX_RANK) {
    const limit = `MAX_RANK = ${MAX_RANK}`;
    throw new FormatError(WHERE, `tensor ${label}: ${shape.length} axes`, { offset: at, limit });
  }
  if (!isCounts(data_offsets) || data_offsets.length !== 2) {
    fail(`tensor ${label}: data_offsets is no pair of offsets`, at);
  }
  const [begin, end] = data_offsets as readonly [number, number];
  if (begin > end || end > bytes.byteLength - start) {
    fail(`tensor ${label}: data [${begin}, ${end}) lies outside the file`, at);
  }
  const size = shape.reduce((product, extent) => product * extent, stored[1]);
  if (size !== end - begin) {
    fail(`tensor ${label}: ${end - begin} bytes of data, the shape needs ${size}`, at);
  }
  spans.push({ name, begin, end });
  return new View(shape, stored, bytes, start + begin);
}

function storedType(label: string, dtype: JsonValue | undefined, at: number): Stored {
  if (typeof dtype === "string" && Object.hasOwn(TYPES, dtype)) return TYPES[dtype] as Stored;
  if (typeof dtype === "string" && OTHER_TYPES.test(dtype)) {
    throw new CapabilityError(WHERE, [`type ${dtype} of tensor ${label}`]);
  }
  return fail(`tensor ${label}: no type of that name`, at);
}

/** Every byte of the data belongs to exactly one tensor: the format allows neither holes nor overlaps. */
function checkSpans(spans: Span[], dataLength: number, start: number): void {
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let cursor = 0;
  for (const { name, begin, end } of spans) {
    if (begin !== cursor) {
      const problem = begin < cursor ? "overlaps the tensor before it" : "leaves a hole before it";
      fail(`tensor ${JSON.stringify(name.slice(0, 80))} ${problem}`, start + begin);
    }
    cursor = end;
  }
  if (cursor !== dataLength) {
    fail(`${dataLength - cursor} bytes behind the last tensor`, start + cursor);
  }
}

class View implements StoredTensor {
  readonly dims: readonly number[];
  readonly location = "cpu";
  readonly #stored: Stored;
  readonly #bytes: Uint8Array;
  readonly #offset: number;
  #data: TensorData | undefined;

  constructor(dims: readonly number[], stored: Stored, bytes: Uint8Array, offset: number) {
    this.dims = dims;
    this.#stored = stored;
    this.#bytes = bytes;
    this.#offset = offset;
  }

  get type(): SafetensorsType {
    return this.#stored[0];
  }

  get data(): TensorData {
    this.#data ??= this.#view();
    return this.#data;
  }

  #view(): TensorData {
    const [, width, Make] = this.#stored;
    const length = this.dims.reduce((product, extent) => product * extent, 1);
    const from = this.#bytes.byteOffset + this.#offset;
    if (from % width === 0) return new Make(this.#bytes.buffer, from, length);
    // Not `slice`: a Node Buffer's shares its memory.
    const copy = new Uint8Array(this.#bytes.subarray(this.#offset, this.#offset + length * width));
    return new Make(copy.buffer, 0, length);
  }
}

function metadataOf(entry: JsonValue, at: number): ReadonlyMap<string, string> {
  if (!isObject(entry)) return fail("__metadata__ is no object", at);
  const metadata = new Map<string, string>();
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== "string") fail("__metadata__ holds something that is no text", at);
    metadata.set(key, value as string);
  }
  return metadata;
}

const isCounts = (value: JsonValue | undefined): value is readonly number[] =>
  Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);

function fail(problem: string, offset: number): never {
  throw new FormatError(WHERE, problem, { offset });
}
