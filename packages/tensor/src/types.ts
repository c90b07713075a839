/**
 * The types that several packages share: what a tensor is to everyone, and what a method may ask of a model.
 *
 * Letters  L layers, H query heads, G kv heads, D head width, C model width, V vocabulary, N tokens before, M after,
 *          T cached slots, S rows of one step, J rows of a draft tree (row 0 is the root)
 */

export type DType =
  | "float32"
  | "float16"
  | "int32"
  | "uint32"
  | "int64"
  | "int8"
  | "uint8"
  | "bool";

/** What both ONNX Runtimes accept as a feed: duck-typed, never `instanceof`. */
export interface TensorLike {
  readonly type: DType;
  readonly dims: readonly number[];
  readonly location: "cpu" | "gpu-buffer" | "none";
  /** Row-major. Throws StateError when the tensor is not on the CPU or is a view that is not contiguous. */
  readonly data: ArrayBufferView;
}

/** A CPU tensor of float32, contiguous: what methods receive and return. Borrowed for the duration of the call. */
export interface Floats extends TensorLike {
  readonly type: "float32";
  readonly data: Float32Array;
}

/** Seeded generator, passed in wherever chance is needed. `next()` lies in [0, 1). */
export interface Random {
  next(): number;
  /** An independent generator; the same label gives the same stream, whatever was drawn before. */
  fork(label: string): Random;
}

/**
 * How much may stay. Resolved once, by `resolveBudget(n, budget)`: half-to-even, at least 1 for a ratio above 0.
 * At or above n: the identity, bit for bit. 0: nothing but what is protected. Negative, fractional, NaN: ArgumentError.
 */
export type Budget =
  | { readonly tokens: number }
  | { readonly keepRatio: number }
  | { readonly bytes: number };

/** Sparse rows (CSR): row r of the result is the weighted sum of `sources[starts[r] .. starts[r + 1]]`. */
export interface SparseRows {
  readonly rowCount: number;
  readonly sourceCount: number;
  readonly starts: Uint32Array;
  readonly sources: Uint32Array;
  readonly weights: Float32Array;
}

/** What a model is, as far as a method may ask. Layer numbers count from 0; `decoder(n)` means: n layers have run. */
export interface ModelShape {
  readonly decoder?: {
    readonly layerCount: number;
    readonly queryHeadCount: number;
    readonly kvHeadCount: number;
    readonly headWidth: number;
    readonly width: number;
    readonly vocabularySize: number;
  };
  readonly encoder?: {
    readonly layerCount: number;
    readonly headCount: number;
    readonly width: number;
    readonly hasClassToken: boolean;
  };
}

/** Where in a model something is read or done. */
export type Stage =
  | {
      readonly at: "encoder";
      readonly layer: number;
      readonly point: "afterAttention" | "afterBlock";
    }
  /** Encoder output, before the projector. */
  | { readonly at: "features" }
  /** After the projector, before the first decoder layer. */
  | { readonly at: "prompt" }
  /** After `layer` decoder layers have run. */
  | { readonly at: "decoder"; readonly layer: number }
  | { readonly at: "prefillEnd" }
  | { readonly at: "decode" };

export type SignalName =
  /** Hidden states [S, C]; class token's pooled output [C]; embeddings of the text tokens [S, C]. */
  | "hidden"
  | "pooled"
  | "text"
  /** After the norm / before the residual. */
  | "attentionInput"
  | "attentionOutput"
  | "ffnInput"
  | "ffnActivation"
  | "ffnOutput"
  /** [heads, rows, D]. */
  | "query"
  | "key"
  | "value"
  | "queryBeforeRope"
  | "keyBeforeRope"
  | "headOutput"
  /** [H, rows, T], after / before softmax. */
  | "attention"
  | "attentionLogits"
  /** [H, T]; [H, rows]; [H, rows]. */
  | "columnMass"
  | "logSumExp"
  | "rowMaximum"
  | "logits"
  | "tokenLosses"
  | "tokenIds";

/** A tap is data: which signal, where, of which rows, reduced how. The runtime computes nothing that no tap asks for. */
export interface Tap {
  readonly signal: SignalName;
  readonly part: "encoder" | "projector" | "decoder";
  /** Negative numbers count from the last layer. `next`: the coming layer's projections of the hidden states of this stage. */
  readonly layer?: number | "each" | "next";
  readonly rows?:
    | "all"
    | "last"
    | "class"
    | "image"
    | "text"
    | { readonly last: number }
    | { readonly every: number }
    | readonly number[];
  /** Over the chosen rows; `meanVisible` divides column t by the number of chosen rows that can see t; `moments` = mean and covariance. */
  readonly reduce?: "none" | "sum" | "meanVisible" | "max" | "moments";
  /** Seeded noise and temperature inside the softmax. */
  readonly perturb?: { readonly seed: number; readonly temperature: number };
}

export type Needs = Readonly<Record<string, Tap>>;

/** A method reads its signals by the names it gave them. */
export type Signals<N extends Needs = Needs> = { readonly [K in keyof N]: Floats };

/** Extra passes, for the methods that declare `extras`. Runs on a fork; the caller's cache is untouched. */
export interface ModelExtras {
  forward?(tokens: Uint32Array, needs: Needs): Promise<Signals>;
  project?(features: Floats): Promise<Floats>;
}

export type MaybePromise<T> = T | Promise<T>;

export interface CacheLayout {
  readonly model: ModelShape;
  readonly layers: readonly {
    readonly kind: "attention" | "recurrent";
    readonly kvHeadCount: number;
    readonly headWidth: number;
    readonly windowTokens?: number;
  }[];
}

/** What a method may read of the cache. Per layer and kv head the slots are a list of refcounted pages; lengths differ by head. */
export interface CacheView {
  readonly layout: CacheLayout;
  length(layer: number, head: number): number;
  positions(layer: number, head: number): Int32Array;
  logWeights(layer: number, head: number): Float32Array | null;
  /** Sinks, recent window, pinned spans. */
  isProtected(layer: number, head: number, slot: number): boolean;
  /** Decoded copies [T, D]; the reading is counted and reported. */
  keys(layer: number, head: number): Promise<Floats>;
  values(layer: number, head: number): Promise<Floats>;
  /** Allocated pages, real bytes. */
  byteLength(): number;
}

/** What becomes of one head, as data: the back end carries it out. Evicting, merging and compensation tokens are all such plans. */
export interface HeadPlan {
  readonly keysFrom: SparseRows;
  readonly valuesFrom: SparseRows;
  readonly positions: Int32Array;
  readonly logWeights: Float32Array | null;
  readonly codec?: { readonly keys: string; readonly values: string };
}

/** A draft. Row 0 is the root: the last token already emitted (`parents[0] = -1`). Siblings stand in draw order. */
export interface DraftTree {
  readonly tokens: Uint32Array;
  readonly parents: Int32Array;
  /** How siblings were found; a verifier refuses the kinds it would be biased on. */
  readonly drawn: "deterministic" | "independent" | "withoutReplacement";
  /** [J, V]; row i is the law *after* row i, the one its children were really drawn from. */
  readonly laws?: Floats;
}
