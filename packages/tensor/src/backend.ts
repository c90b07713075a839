/**
 * What a model step asks of a machine: coarse operations over tensors that the caller owns.
 *
 * Shapes   activations are [rows, ...] f32, row-major; `rows` is how many leading rows an operation works on, so scratch
 *          is allocated once for the largest step and used for every smaller one
 * Order    operations are enqueued in call order and complete before a later `read`; only `read` and a back end's own
 *          `create` return promises, so one code path serves CPU and GPU
 * State    tensors, weights and runs belong to the caller, who disposes them; `dispose()` of the back end frees the rest
 * Errors   ShapeError, DtypeError, ArgumentError at this door; StateError for disposed or foreign tensors;
 *          DeviceError when memory runs out
 */
import type { KvMemory, KvRun } from "./kv/types.js";
import type { Tensor } from "./tensor.js";
import type { SparseRows, TensorLike } from "./types.js";

/** A matrix [N, K] packed once for `linear` and `gather`; its bias, if it has one, is inside. */
export interface Weight {
  readonly dims: readonly [outputs: number, inputs: number];
  readonly format: WeightFormat;
  readonly hasBias: boolean;
  readonly byteLength: number;
  dispose(): void;
}

/** `int8`: symmetric blocks of 32 along K with one f32 scale each; activations are quantised row by row on the way in. */
export type WeightFormat = "f32" | "int8";

export type ActivationKind = "silu" | "gelu" | "geluTanh" | "quickGelu" | "relu";

/**
 * Which slots a row sees. Slots are numbered along a head's runs in order; T is their number.
 *
 *   none      every slot (encoders)
 *   causal    the last `rows` slots are the rows' own: row i sees all earlier slots and its own rows 0..i
 *   tree      the same, but of its own rows it sees itself and its ancestors by `parents` (-1: the root)
 *   position  the slots whose position is not above the row's own (`positions` needed): for rows kept from earlier steps
 *   explicit  where `visible` [rows, T] is not 0
 *
 * A row that sees nothing gives zeros and a log-sum-exp of -Infinity.
 */
export interface AttentionMask {
  readonly kind: "none" | "causal" | "tree" | "position" | "explicit";
  readonly parents?: Int32Array;
  readonly visible?: Uint8Array;
  /** Positions of the rows [rows]: needed by `position` and by `window`. */
  readonly positions?: Int32Array;
  /** Sliding window in tokens: slots with position > row position - window. */
  readonly window?: number;
  /** Per kv head, ascending: of the slots that are not the rows' own only these are visible. */
  readonly slots?: readonly (Uint32Array | null)[];
}

/** Keys and values: cached runs, one list of segments a kv head; or the step's own rows (encoders). */
export type AttentionSource =
  | { readonly kind: "runs"; readonly runs: readonly (readonly KvRun[])[] }
  | {
      readonly kind: "dense";
      /** [count, G * D] each. */
      readonly keys: Tensor;
      readonly values: Tensor;
      readonly count: number;
      readonly kvHeadCount: number;
      /** [count], added to the logits. */
      readonly logWeights?: Tensor;
    };

export interface AttentionCall {
  /** [R, H * D], already rotated; rows `firstRow .. firstRow + rows` are used. */
  readonly query: Tensor;
  readonly firstRow: number;
  readonly rows: number;
  readonly headCount: number;
  readonly headWidth: number;
  readonly source: AttentionSource;
  readonly mask: AttentionMask;
  /** 1 / sqrt(D) as a rule. */
  readonly scale: number;
  /** logits become cap * tanh(logits / cap); 0 or absent: none. Log weights are added after it. */
  readonly softCap?: number;
}

export interface AttentionOutput {
  /** [R, H * D], the same rows as the query. */
  readonly out: Tensor;
  /** [H, rows] f32. */
  readonly logSumExp?: Tensor;
}

/** A separate small kernel: recomputes the scores of the call's rows. Columns are slots; shorter heads are padded. */
export interface AttentionTapOutput {
  /** `columnSum`, `columnMax`: over the rows [H, T]; `probabilities`, `logits`: [H, rows, T] (hidden slots: 0 / -Infinity). */
  readonly want: "probabilities" | "logits" | "columnSum" | "columnMax";
  readonly out: Tensor;
}

export interface BackendReport {
  /** The path taken, e.g. "relaxed simd, 1 thread". */
  readonly path: string;
  readonly threads: number;
  /** Bytes of tensors, weights and pages now allocated. */
  readonly allocatedBytes: number;
  /** Operations that ran elsewhere than asked, by name: never silent. */
  readonly fallbacks: Readonly<Record<string, number>>;
}

export interface Backend {
  readonly name: string;
  /** True: a row of `linear` and `attention` does not depend on how many rows are computed with it, bit for bit. */
  readonly rowInvariant: boolean;
  readonly weightFormats: readonly WeightFormat[];
  readonly kv: KvMemory;
  report(): BackendReport;
  dispose(): void;

  /** Zero-filled. */
  empty(dims: readonly number[], type?: "float32" | "int32"): Tensor;
  /** A copy on this back end; float16 becomes float32. */
  upload(source: TensorLike): Tensor;
  /** Overwrites elements from `elementOffset` on; allocates nothing. */
  write(target: Tensor, source: Float32Array | Int32Array, elementOffset?: number): void;
  /**
   * A copy of `count` elements from `start` on (default: all), as they are at the time of the call: what is written, computed
   * or disposed later does not show in it.
   */
  read(source: Tensor, start?: number, count?: number): Promise<Float32Array | Int32Array>;
  /** `matrix` [N, K] f32 or f16 (as linear layers store it), `bias` [N]. */
  weight(
    matrix: TensorLike,
    options?: { readonly bias?: TensorLike; readonly format?: WeightFormat },
  ): Weight;

  /** out[r] = W input[r] + bias; input [R, K], out [R, N]. */
  linear(input: Tensor, weight: Weight, out: Tensor, rows: number): void;
  /** out[outRow + i] = row indices[i] of a table; out-of-range index: ArgumentError. Bias is not added. */
  gather(
    table: Weight | Tensor,
    indices: Uint32Array | Int32Array,
    out: Tensor,
    outRow?: number,
  ): void;
  rmsNorm(input: Tensor, gain: Tensor, epsilon: number, out: Tensor, rows: number): void;
  layerNorm(
    input: Tensor,
    gain: Tensor,
    bias: Tensor,
    epsilon: number,
    out: Tensor,
    rows: number,
  ): void;
  /**
   * In place, half-split layout: (x1, x2) -> (x1 cos - x2 sin, x2 cos + x1 sin) for each of `headCount` heads of a row.
   * `angles` [R, D]: a row holds D/2 cosines, then D/2 sines.
   */
  rope(heads: Tensor, angles: Tensor, headCount: number, rows: number): void;
  activation(kind: ActivationKind, input: Tensor, out: Tensor, rows: number): void;
  add(a: Tensor, b: Tensor, out: Tensor, rows: number): void;
  multiply(a: Tensor, b: Tensor, out: Tensor, rows: number): void;
  scale(input: Tensor, factor: number, out: Tensor, rows: number): void;
  softCap(input: Tensor, cap: number, out: Tensor, rows: number): void;
  softmax(input: Tensor, out: Tensor, rows: number): void;
  /** Index [R] i32 of the largest of each row; ties and NaN as `argmax` of the root says. */
  argmax(input: Tensor, out: Tensor, rows: number): void;
  /** Indices and values [R, k], best first, ties to the lower index, NaN below everything. */
  topk(input: Tensor, k: number, indices: Tensor, values: Tensor, rows: number): void;
  /** Cosine of every pair of rows: a [M, C], b [N, C] -> out [M, N]; a zero row gives 0. */
  similarity(a: Tensor, b: Tensor, out: Tensor, aRows: number, bRows: number): void;
  /** pixels [channels, height, width] -> out [patches, N], patches row-major; weight [N, channels * patch * patch]. */
  patchEmbed(pixels: Tensor, weight: Weight, patch: number, out: Tensor): void;
  /** out[r] = weighted sum of input rows; one source of weight 1 is copied bit for bit. */
  sparseRows(map: SparseRows, input: Tensor, out: Tensor): void;
  attention(call: AttentionCall, output: AttentionOutput): void;
  attentionTap(call: AttentionCall, output: AttentionTapOutput): void;
}
