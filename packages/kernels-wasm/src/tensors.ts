/**
 * Tensors of the arena: made, filled and read back.
 *
 * Shapes   any; `read` and `write` count elements in row-major order
 * State    a tensor holds a range of its own until its last handle is disposed
 * Errors   DtypeError, ShapeError, ArgumentError, StateError; DeviceError when memory runs out
 */
import {
  ArgumentError,
  CapabilityError,
  createTensor,
  DtypeError,
  ShapeError,
  type Tensor,
  type TensorLike,
} from "@frugal/tensor";
import type { Core } from "./core.js";

export function createTensorIn(
  core: Core,
  where: string,
  dims: readonly number[],
  type: "float32" | "int32",
): Tensor {
  core.live(where);
  if (type !== "float32" && type !== "int32") {
    throw new DtypeError(where, "float32 or int32", type);
  }
  let size = 1;
  for (const extent of dims) {
    core.door.count(where, "dims", extent);
    size *= extent;
  }
  core.door.count(where, "dims", size);
  const range = core.range(size * 4);
  core.arena.bytes.fill(0, range.byteOffset, range.byteOffset + range.byteLength);
  return createTensor(range, type, dims);
}

export function uploadTensor(core: Core, source: TensorLike): Tensor {
  const where = "Backend.upload";
  const { type, location } = source;
  if (location !== "cpu") {
    throw new CapabilityError(where, [`tensors located at ${location}`], "Read it first.");
  }
  if (type !== "float32" && type !== "float16" && type !== "int32") {
    throw new DtypeError(where, "float32, float16 or int32", type);
  }
  const size = source.dims.reduce((product, extent) => product * extent, 1);
  const bytes = size * (type === "float16" ? 2 : 4);
  if (source.data.byteLength !== bytes) {
    throw new ShapeError(where, source.dims, [source.data.byteLength / (bytes / size || 4)]);
  }
  const halves = type === "float16" ? core.staging.need(bytes + 16) : 0;
  const made = createTensorIn(core, where, source.dims, type === "int32" ? "int32" : "float32");
  const to = core.at(made);
  const at = type === "float16" ? halves : to;
  // Read last: a tensor of this back end moves when the memory grows.
  const { data } = source;
  core.arena.bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
  if (type === "float16") core.kernels.widenHalves(halves, to, size);
  return made;
}

export function writeTensor(
  core: Core,
  target: Tensor,
  source: Float32Array | Int32Array,
  elementOffset: number,
): void {
  const where = "Backend.write";
  const { door } = core;
  const isFloat = source instanceof Float32Array;
  if (!isFloat && !(source instanceof Int32Array)) {
    throw new DtypeError(where, "Float32Array or Int32Array", typeof source);
  }
  door.tensor(where, target, isFloat ? "float32" : "int32");
  door.count(where, "elementOffset", elementOffset);
  if (elementOffset + source.length > target.size) {
    throw new ShapeError(where, [target.size - elementOffset], [source.length]);
  }
  const at = core.at(target) / 4;
  if (isFloat) core.arena.floats.set(source, at + elementOffset);
  else core.arena.ints.set(source, at + elementOffset);
}

export function readTensor(
  core: Core,
  source: Tensor,
  start: number,
  count: number = source.size - start,
): Float32Array | Int32Array {
  const where = "Backend.read";
  const type = source.type === "int32" ? "int32" : "float32";
  core.door.tensor(where, source, type);
  core.door.count(where, "start", start);
  core.door.count(where, "count", count);
  if (start + count > source.size) {
    throw new ArgumentError(where, "start + count", `at most ${source.size}`, start + count);
  }
  const at = core.at(source) / 4 + start;
  return type === "int32"
    ? core.arena.ints.slice(at, at + count)
    : core.arena.floats.slice(at, at + count);
}
