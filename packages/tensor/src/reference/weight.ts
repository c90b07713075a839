/**
 * Packs a matrix for `linear` and `gather`.
 *
 * Shapes   matrix [N, K] f32 or f16, bias [N]  ->  f32: values [N, K]; int8: codes [N, K], scales [N, ceil(K / 32)]
 * Units    int8 as `quantize.ts` defines it, one scale a block of 32 along K
 * Errors   ShapeError, DtypeError; ArgumentError for numbers that are not finite where they are to be coded
 */
import type { Weight, WeightFormat } from "../backend.js";
import { ArgumentError, DtypeError, ShapeError } from "../errors/index.js";
import { QUANT_BLOCK, quantizeBlocks } from "../quantize.js";
import type { TensorLike } from "../types.js";
import { type Arena, elementsOf } from "./arena.js";

const WHERE = "Backend.weight";

export class ReferenceWeight implements Weight {
  readonly dims: readonly [number, number];
  readonly format: WeightFormat;
  readonly hasBias: boolean;
  readonly byteLength: number;
  readonly arena: Arena;
  /** [N, K]; empty in int8. */
  readonly values: Float32Array;
  /** [N, K] and [N, blocks]; empty in f32. */
  readonly codes: Int8Array;
  readonly scales: Float32Array;
  /** [N] or empty. */
  readonly bias: Float32Array;
  isDisposed = false;

  constructor(arena: Arena, matrix: TensorLike, bias?: TensorLike, format: WeightFormat = "f32") {
    const [outputs, inputs] = matrix.dims;
    if (matrix.dims.length !== 2) throw new ShapeError(WHERE, [-1, -1], matrix.dims);
    if (format !== "f32" && format !== "int8") {
      throw new ArgumentError(WHERE, "format", '"f32" or "int8"', format);
    }
    const values = floatsOf(`${WHERE}: matrix`, matrix);
    const offsets = bias === undefined ? null : floatsOf(`${WHERE}: bias`, bias);
    if (offsets !== null && offsets.length !== outputs!) {
      throw new ShapeError(`${WHERE}: bias`, [outputs!], bias!.dims);
    }
    this.arena = arena;
    this.dims = [outputs!, inputs!];
    this.format = format;
    this.hasBias = offsets !== null;
    const isCoded = format === "int8";
    if (isCoded) checkFinite(values);
    const blocks = Math.ceil(inputs! / QUANT_BLOCK);
    this.values = arena.allocate(Float32Array, isCoded ? 0 : values.length);
    this.codes = arena.allocate(Int8Array, isCoded ? values.length : 0);
    this.scales = arena.allocate(Float32Array, isCoded ? outputs! * blocks : 0);
    this.bias = arena.allocate(Float32Array, offsets?.length ?? 0);
    if (offsets !== null) this.bias.set(offsets);
    if (isCoded) this.#encode(values, inputs!, blocks);
    else this.values.set(values);
    this.byteLength =
      this.values.byteLength +
      this.codes.byteLength +
      this.scales.byteLength +
      this.bias.byteLength;
  }

  /** Row `index`, decoded, into `out` from element `at` on. */
  row(index: number, out: Float32Array, at: number): void {
    const width = this.dims[1];
    const from = index * width;
    if (this.format === "f32") {
      out.set(this.values.subarray(from, from + width), at);
      return;
    }
    const blocks = Math.ceil(width / QUANT_BLOCK);
    for (let k = 0; k < width; k++) {
      const scale = this.scales[index * blocks + Math.floor(k / QUANT_BLOCK)]!;
      out[at + k] = scale * this.codes[from + k]!;
    }
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.arena.free(this.byteLength);
  }

  #encode(values: Float32Array, width: number, blocks: number): void {
    for (let row = 0; row < this.dims[0]; row++) {
      const at = row * width;
      quantizeBlocks(values, at, width, this.codes, at, this.scales, row * blocks);
    }
  }
}

function floatsOf(where: string, source: TensorLike): Float32Array {
  const elements = elementsOf(where, source);
  if (elements instanceof Float32Array) return elements;
  throw new DtypeError(where, "float32 or float16", source.type);
}

function checkFinite(values: Float32Array): void {
  const index = values.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) throw new ArgumentError(WHERE, `matrix[${index}]`, "finite", values[index]);
}
