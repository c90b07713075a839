/**
 * Matrices packed for `linear` and `gather`.
 *
 * Shapes   f32: bias [8 ceil(N/8)], then [ceil(N/8)][K][8]
 * Units    addresses are byte offsets, 16-byte aligned
 * Cost     packing O(N K), a slab of rows at a time through the staging scratch
 * State    one range of the arena a weight, freed by `dispose`
 * Errors   ShapeError, DtypeError, ArgumentError, CapabilityError for what does not fit; StateError for disposed and foreign weights
 */
import {
  ArgumentError,
  CapabilityError,
  DtypeError,
  ShapeError,
  StateError,
  type TensorLike,
  type Weight,
  type WeightFormat,
} from "@frugal/tensor";
import type { Core } from "./core.js";
import type { WasmRange } from "./memory/range.js";

/** Bytes of f32 rows that are staged at once. */
const SLAB_BYTES = 1048576;

export class WasmWeight implements Weight {
  readonly dims: readonly [outputs: number, inputs: number];
  readonly format: WeightFormat;
  readonly hasBias: boolean;
  readonly byteLength: number;
  readonly core: Core;
  readonly bias: number;
  readonly packed: number;
  #range: WasmRange | null;

  constructor(core: Core, dims: readonly [number, number], format: WeightFormat, hasBias: boolean) {
    const biasBytes = Math.ceil(dims[0] / 8) * 32;
    this.core = core;
    this.dims = dims;
    this.format = format;
    this.hasBias = hasBias;
    this.byteLength = biasBytes + packedBytes(dims, format);
    this.#range = core.range(this.byteLength);
    this.bias = this.#range.byteOffset;
    this.packed = this.bias + biasBytes;
  }

  get isDisposed(): boolean {
    return this.#range === null;
  }

  dispose(): void {
    this.#range?.release();
    this.#range = null;
  }
}

function packedBytes([outputs, inputs]: readonly [number, number], format: WeightFormat): number {
  if (format === "f32") return Math.ceil(outputs / 8) * inputs * 32;
  // Per 4 outputs and 32 inputs: 128 codes and 4 scales.
  return Math.ceil(outputs / 4) * Math.ceil(inputs / 32) * 144;
}

export function createWeight(
  core: Core,
  matrix: TensorLike,
  bias: TensorLike | undefined,
  format: WeightFormat,
): WasmWeight {
  const where = "Backend.weight";
  const { dims } = matrix;
  if (format !== "f32" && format !== "int8") {
    throw new ArgumentError(where, "format", '"f32" or "int8"', format);
  }
  if (dims.length !== 2) throw new ShapeError(where, [-1, -1], dims);
  const [outputs, inputs] = dims as readonly [number, number];
  if (bias !== undefined && (bias.dims.length !== 1 || bias.dims[0] !== outputs)) {
    throw new ShapeError(`${where}: bias`, [outputs], bias.dims);
  }
  checkFloats(where, matrix);
  if (bias !== undefined) checkFloats(`${where}: bias`, bias);
  const weight = new WasmWeight(core, [outputs, inputs], format, bias !== undefined);
  try {
    core.arena.bytes.fill(0, weight.bias, weight.packed);
    if (bias !== undefined) stageRows(core, bias, 0, outputs, weight.bias);
    pack(core, matrix, weight);
  } catch (error) {
    weight.dispose();
    throw error;
  }
  return weight;
}

function pack(core: Core, matrix: TensorLike, weight: WasmWeight): void {
  const [outputs, inputs] = weight.dims;
  const { kernels } = core;
  const slab = Math.max(8, Math.floor(SLAB_BYTES / Math.max(1, inputs * 32)) * 8);
  const rowBytes = weight.format === "f32" ? inputs * 4 : Math.ceil(inputs / 32) * 36;
  for (let row = 0; row < outputs; row += slab) {
    const rows = Math.min(slab, outputs - row);
    const at = core.work.need(rows * inputs * 4 + 16);
    stageRows(core, matrix, row * inputs, rows * inputs, at);
    const to = weight.packed + row * rowBytes;
    if (weight.format === "f32") kernels.packF32(at, to, rows, inputs);
    else {
      checkFinite(core, at / 4, rows * inputs, row * inputs);
      kernels.packInt8(at, to, rows, inputs);
    }
  }
}

/** Elements start .. start + count of a float tensor to `at`, as f32. `at` has room for a multiple of 4. */
function stageRows(core: Core, source: TensorLike, start: number, count: number, at: number): void {
  if (source.type === "float32") {
    // Read anew for every slab: a tensor of this back end moves when the memory grows.
    core.arena.floats.set((source.data as Float32Array).subarray(start, start + count), at / 4);
    return;
  }
  const staged = core.staging.need(count * 2 + 16);
  const { buffer, byteOffset } = source.data;
  const halves = new Uint8Array(buffer, byteOffset + start * 2, count * 2);
  core.arena.bytes.set(halves, staged);
  core.kernels.widenHalves(staged, at, count);
}

/** Codes of a block that holds what is not finite would say nothing about the rest of it. */
function checkFinite(core: Core, at: number, count: number, first: number): void {
  const { floats } = core.arena;
  for (let i = 0; i < count; i++) {
    const value = floats[at + i]!;
    if (value - value === 0) continue;
    throw new ArgumentError("Backend.weight", `matrix[${first + i}]`, "finite", value);
  }
}

function checkFloats(where: string, source: TensorLike): void {
  const { type, location } = source;
  if (location !== "cpu") {
    throw new CapabilityError(where, [`tensors located at ${location}`], "Read it first.");
  }
  if (type !== "float32" && type !== "float16") {
    throw new DtypeError(where, "float32 or float16", type);
  }
  const size = source.dims.reduce((product, extent) => product * extent, 1);
  const bytes = size * (type === "float32" ? 4 : 2);
  const { byteLength } = source.data;
  if (byteLength !== bytes) {
    throw new ShapeError(where, source.dims, [byteLength / (bytes / size || 4)]);
  }
}

export function ownWeight(core: Core, where: string, weight: Weight): WasmWeight {
  if (!(weight instanceof WasmWeight) || weight.core !== core) {
    throw new StateError(where, "the weight belongs to another back end");
  }
  if (weight.isDisposed) throw new StateError(where, "the weight is disposed");
  return weight;
}
