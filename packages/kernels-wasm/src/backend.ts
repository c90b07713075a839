/**
 * The back end in wasm: checks each call at its door and hands byte offsets to a kernel.
 *
 * Shapes   as `Backend` of @frugal/tensor says
 * Cost     a call costs its kernel, and less than a microsecond around it; nothing is allocated but in `empty`, `upload`,
 *          `weight`, `read` and where scratch must grow
 * State    owns the memory; tensors, weights and runs are the caller's; `dispose` drops the memory as a whole
 * Errors   those of `Door`, before anything is written; StateError after `dispose`; DeviceError when memory runs out
 */
import {
  type ActivationKind,
  ArgumentError,
  type AttentionCall,
  type AttentionOutput,
  type AttentionTapOutput,
  type Backend,
  type BackendReport,
  type KvMemory,
  ShapeError,
  type SparseRows,
  type Tensor,
  type TensorLike,
  type Weight,
  type WeightFormat,
} from "@frugal/tensor";
import { attend, tap } from "./attention/attend.js";
import { AttentionPlan } from "./attention/plan.js";
import { Core } from "./core.js";
import { gather } from "./gather.js";
import type { Instance } from "./instantiate.js";
import { cacheMemory, WasmPages } from "./pages.js";
import { linear, patchEmbed, similarity } from "./products.js";
import { applyRows, topk } from "./selections.js";
import { createTensorIn, readTensor, uploadTensor, writeTensor } from "./tensors.js";
import { createWeight } from "./weights.js";

const ACTIVATIONS: readonly ActivationKind[] = ["silu", "gelu", "geluTanh", "quickGelu", "relu"];
const NO_FALLBACKS: Readonly<Record<string, number>> = {};

export class WasmBackend implements Backend {
  readonly name = "wasm";
  readonly rowInvariant = true;
  readonly weightFormats: readonly WeightFormat[] = ["f32", "int8"];
  readonly kv: KvMemory;
  readonly #core: Core;
  readonly #plan: AttentionPlan;
  readonly #path: string;

  constructor(instance: Instance, maxMemoryBytes?: number) {
    const core = new Core(instance, maxMemoryBytes);
    const pages = new WasmPages(core);
    this.#core = core;
    this.kv = cacheMemory(core, pages);
    this.#plan = new AttentionPlan(core, pages);
    this.#path = instance.build === "relaxed" ? "relaxed simd, 1 thread" : "simd128, 1 thread";
  }

  report(): BackendReport {
    const { liveBytes } = this.#core;
    return { path: this.#path, threads: 1, allocatedBytes: liveBytes, fallbacks: NO_FALLBACKS };
  }

  dispose(): void {
    this.#core.isDisposed = true;
    this.#core.staging.dispose();
    this.#core.work.dispose();
  }

  empty(dims: readonly number[], type: "float32" | "int32" = "float32"): Tensor {
    return createTensorIn(this.#core, "Backend.empty", dims, type);
  }

  upload(source: TensorLike): Tensor {
    return uploadTensor(this.#core, source);
  }

  write(target: Tensor, source: Float32Array | Int32Array, elementOffset = 0): void {
    writeTensor(this.#core, target, source, elementOffset);
  }

  async read(source: Tensor, start = 0, count?: number): Promise<Float32Array | Int32Array> {
    return readTensor(this.#core, source, start, count);
  }

  weight(
    matrix: TensorLike,
    options: { readonly bias?: TensorLike; readonly format?: WeightFormat } = {},
  ): Weight {
    this.#core.live("Backend.weight");
    return createWeight(this.#core, matrix, options.bias, options.format ?? "f32");
  }

  linear(input: Tensor, weight: Weight, out: Tensor, rows: number): void {
    linear(this.#core, input, weight, out, rows);
  }

  gather(table: Weight | Tensor, indices: Uint32Array | Int32Array, out: Tensor, outRow = 0): void {
    gather(this.#core, table, indices, out, outRow);
  }

  rmsNorm(input: Tensor, gain: Tensor, epsilon: number, out: Tensor, rows: number): void {
    const core = this.#core;
    const width = this.#alike("Backend.rmsNorm", rows, input, out);
    core.door.vector("Backend.rmsNorm: gain", gain, width);
    core.door.number("Backend.rmsNorm", "epsilon", epsilon);
    core.kernels.rmsNorm(core.at(input), core.at(gain), core.at(out), rows, width, epsilon);
  }

  layerNorm(
    input: Tensor,
    gain: Tensor,
    bias: Tensor,
    epsilon: number,
    out: Tensor,
    rows: number,
  ): void {
    const core = this.#core;
    const width = this.#alike("Backend.layerNorm", rows, input, out);
    core.door.vector("Backend.layerNorm: gain", gain, width);
    core.door.vector("Backend.layerNorm: bias", bias, width);
    core.door.number("Backend.layerNorm", "epsilon", epsilon);
    core.kernels.layerNorm(
      core.at(input),
      core.at(gain),
      core.at(bias),
      core.at(out),
      rows,
      width,
      epsilon,
    );
  }

  rope(heads: Tensor, angles: Tensor, headCount: number, rows: number): void {
    const where = "Backend.rope";
    const { door, kernels } = this.#core;
    door.count(where, "headCount", headCount);
    door.count(where, "rows", rows);
    const width = door.rows("Backend.rope: angles", angles, rows);
    if (width % 2 !== 0) {
      throw new ShapeError("Backend.rope: angles", [rows, width + 1], angles.dims);
    }
    door.rowsOf("Backend.rope: heads", heads, rows, headCount * width);
    door.apart(where, angles, heads);
    kernels.rope(this.#core.at(heads), this.#core.at(angles), rows, headCount, width);
  }

  activation(kind: ActivationKind, input: Tensor, out: Tensor, rows: number): void {
    const where = "Backend.activation";
    if (!ACTIVATIONS.includes(kind)) {
      throw new ArgumentError(where, "kind", ACTIVATIONS.join(", "), kind);
    }
    const core = this.#core;
    const count = rows * this.#alike(where, rows, input, out);
    core.kernels[kind](core.at(input), core.at(out), count);
  }

  add(a: Tensor, b: Tensor, out: Tensor, rows: number): void {
    const core = this.#core;
    const width = this.#alike("Backend.add", rows, a, out);
    core.door.rowsOf("Backend.add", b, rows, width);
    core.kernels.add(core.at(a), core.at(b), core.at(out), rows * width);
  }

  multiply(a: Tensor, b: Tensor, out: Tensor, rows: number): void {
    const core = this.#core;
    const width = this.#alike("Backend.multiply", rows, a, out);
    core.door.rowsOf("Backend.multiply", b, rows, width);
    core.kernels.multiply(core.at(a), core.at(b), core.at(out), rows * width);
  }

  scale(input: Tensor, factor: number, out: Tensor, rows: number): void {
    const core = this.#core;
    const count = rows * this.#alike("Backend.scale", rows, input, out);
    core.door.number("Backend.scale", "factor", factor);
    core.kernels.scale(core.at(input), core.at(out), count, factor);
  }

  softCap(input: Tensor, cap: number, out: Tensor, rows: number): void {
    const core = this.#core;
    const count = rows * this.#alike("Backend.softCap", rows, input, out);
    if (!(cap > 0 && cap < Infinity)) {
      throw new ArgumentError("Backend.softCap", "cap", "a positive number", cap);
    }
    core.kernels.softCap(core.at(input), core.at(out), count, cap);
  }

  softmax(input: Tensor, out: Tensor, rows: number): void {
    const core = this.#core;
    const width = this.#alike("Backend.softmax", rows, input, out);
    core.kernels.softmax(core.at(input), core.at(out), rows, width);
  }

  argmax(input: Tensor, out: Tensor, rows: number): void {
    const core = this.#core;
    const { door } = core;
    door.count("Backend.argmax", "rows", rows);
    const width = door.rows("Backend.argmax: input", input, rows);
    if (width === 0 && rows > 0) throw new ShapeError("Backend.argmax", [rows, 1], input.dims);
    door.room("Backend.argmax: out", out, rows, "int32");
    core.kernels.argmax(core.at(input), core.at(out), rows, width);
  }

  topk(input: Tensor, k: number, indices: Tensor, values: Tensor, rows: number): void {
    topk(this.#core, input, k, indices, values, rows);
  }

  similarity(a: Tensor, b: Tensor, out: Tensor, aRows: number, bRows: number): void {
    similarity(this.#core, a, b, out, aRows, bRows);
  }

  patchEmbed(pixels: Tensor, weight: Weight, patch: number, out: Tensor): void {
    patchEmbed(this.#core, pixels, weight, patch, out);
  }

  sparseRows(map: SparseRows, input: Tensor, out: Tensor): void {
    applyRows(this.#core, map, input, out);
  }

  attention(call: AttentionCall, output: AttentionOutput): void {
    attend(this.#core, this.#plan, call, output);
  }

  attentionTap(call: AttentionCall, output: AttentionTapOutput): void {
    tap(this.#core, this.#plan, call, output);
  }

  /** Checks activations of one width; returns it. */
  #alike(where: string, rows: number, input: Tensor, out: Tensor): number {
    const { door } = this.#core;
    door.count(where, "rows", rows);
    const width = door.rows(where, input, rows);
    door.rowsOf(where, out, rows, width);
    return width;
  }
}
