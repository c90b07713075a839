/**
 * What a cache is, and what the plug-ins of this package implement.
 *
 * Letters  L layers, H query heads, G kv heads, D head width, T cached slots of a head, S rows of one step
 *
 * Three decisions, any with any: a Scorer says what a slot is worth, an Allocator how many slots each layer and head may
 * keep, a Reducer what becomes of a head. A slot is an index in storage; a position is where its token stands; an origin is
 * the index of its token in `Cache.tokens`.
 */
import type {
  Backend,
  Budget,
  CacheLayout,
  CacheView,
  Floats,
  HeadPlan,
  KvFormat,
  KvRun,
  MaybePromise,
  ModelShape,
  Needs,
  Random,
  Signals,
  Tensor,
} from "@frugal/tensor";

/** Turns of a model's own frequency table, for keys that move. */
export interface RopeRotation {
  /** [n, D]: D/2 cosines, then D/2 sines that move a key of this layer by `deltas[i]` positions; null: no rope there. */
  angles(layer: number, deltas: Int32Array): Float32Array | null;
}

export interface CacheOptions {
  readonly backend: Backend;
  readonly layout: CacheLayout;
  /** How new keys and values are stored. Default "f32". */
  readonly format?: KvFormat;
  /** Needed by compact positions. */
  readonly rope?: RopeRotation;
}

/** Counted in slots of a head: the first and the last ones are protected. Default 0 and 0. */
export interface ProtectedSpans {
  readonly sinks: number;
  readonly recent: number;
}

/** One layer's rows of the current step. */
export interface LayerRows {
  /** [R, G * D], keys rotated; rows `firstRow .. firstRow + rows` are taken. */
  readonly keys: Tensor;
  readonly values: Tensor;
  readonly firstRow: number;
  readonly rows: number;
  /** [rows] */
  readonly positions: Int32Array;
  /** [rows], ascending: which of the step's tokens a row is; default: the first ones this layer has not had yet. */
  readonly origins?: Int32Array;
}

export type PositionMode = "original" | "compact";

/** Ragged: per layer and kv head a list of runs in refcounted pages; lengths differ by head. */
export interface Cache extends CacheView {
  readonly format: KvFormat;
  /** What it stands for: token ids, committed rows included. A view, stale after the next change. */
  readonly tokens: Uint32Array;
  readonly tokenCount: number;
  /** Bytes that `keys` and `values` have copied out so far. */
  readonly readBytes: number;
  readonly isDisposed: boolean;
  /** The position that the next row of this layer takes. */
  nextPosition(layer: number): number;
  /** [G][segments], for attention; the same arrays as long as the cache lives. */
  runs(layer: number): readonly (readonly KvRun[])[];
  /** Origins of a head's slots: indices into `tokens`. A view, stale after the next change. */
  origins(layer: number, head: number): Int32Array;
  /**
   * Begins a step: the tokens that the rows of `append` stand for. With `parents` it is a tree (-1: the root), whose rows
   * must be committed before anything else.
   */
  begin(step: { readonly tokens: Uint32Array; readonly parents?: Int32Array }): void;
  append(layer: number, rows: LayerRows): void;
  /** After verify: of the last step keep these rows (ascending, row 0 first, each the child of the one before) everywhere. */
  commit(rows: readonly number[]): void;
  /** Shares pages, copy on write. */
  fork(): Cache;
  /** Forgets the tokens from `tokenCount` on; drops an uncommitted tree. */
  truncate(tokenCount: number): void;
  /** Framed, with a checksum, read by `loadCache`. */
  save(): Promise<Uint8Array>;
  dispose(): void;
  [Symbol.dispose](): void;
  /** Slots of tokens `fromToken .. toToken` are protected from now on. */
  pin(fromToken: number, toToken: number): void;
  protect(spans: ProtectedSpans): void;
  /** Carries out the plans of one layer [G] (null: the head stays). `compact` moves keys to 0.. and re-rotates them. */
  apply(
    layer: number,
    plans: readonly (HeadPlan | null)[],
    options: { readonly positions: PositionMode },
  ): void;
}

export interface ScoreSession<N extends Needs = Needs> {
  /** After every prefill chunk and every committed decode interval, layer by layer. Only accepted rows are shown. */
  observe?(
    layer: number,
    signals: Signals<N>,
    firstPosition: number,
    rowCount: number,
  ): MaybePromise<void>;
  /** [G, T] (or [1, T] with granularity "layer"), T the longest head; higher stays. Columns that a head lacks are ignored. */
  scores(layer: number, cache: CacheView): MaybePromise<Floats>;
  /** Slots moved: `kept[i]` is the old slot of new slot i, ascending. */
  compact?(layer: number, head: number, kept: Uint32Array): void;
  checkpoint?(): unknown;
  restore?(checkpoint: unknown): void;
}

export interface Scorer<N extends Needs = Needs> {
  readonly name: string;
  readonly granularity: "layer" | "kvHead" | "queryHead";
  readonly dependsOn?: "question";
  /** Slots that always stay with this scorer, whatever they score. */
  readonly protects?: ProtectedSpans;
  needs(model: ModelShape): N;
  open(layout: CacheLayout, random: Random): ScoreSession<N>;
}

export interface Allocator {
  readonly name: string;
  /**
   * Slots for every layer and head, [sum of G over layers], layer by layer. Exact sum: `totalSlots`, or the number of
   * protected slots where that is more. Never more than a head has, never fewer than its protected slots.
   */
  allocate(request: {
    readonly totalSlots: number;
    readonly cache: CacheView;
    readonly scores: (layer: number) => Floats;
  }): Uint32Array;
}

export interface Reducer {
  readonly name: string;
  /** `slots`: how many stay, protected ones included; `scores` [length of the head]. */
  reduce(request: {
    readonly layer: number;
    readonly head: number;
    readonly slots: number;
    readonly scores: Float32Array;
    readonly cache: CacheView;
  }): MaybePromise<HeadPlan>;
}

/** How vectors are stored. Formats named in the back end's `kv.formats` are read in place. */
export interface Codec {
  readonly name: string;
  readonly format: "f32" | "f16" | "int8" | "int4" | "other";
  /** [count, D] */
  encode(vectors: Floats, kind: "key" | "value"): Uint8Array;
  decode(
    bytes: Uint8Array,
    count: number,
    width: number,
    kind: "key" | "value",
  ): Float32Array<ArrayBuffer>;
  byteLength(count: number, width: number): number;
}

/** Which slots one step reads, without deleting anything. Asked before attention, layer by layer. */
export interface Selection {
  readonly name: string;
  readonly granularity: "layer" | "kvHead" | "queryHead";
  open(layout: CacheLayout): {
    before(
      layer: number,
      query: Floats,
      cache: CacheView,
    ): MaybePromise<readonly Uint32Array[] | null>;
  };
}

/** Compression happens at boundaries only: prefillEnd, turnEnd and every `interval` committed tokens. Drafts are cut there. */
export interface CachePolicy {
  readonly scorer: Scorer;
  readonly allocator: Allocator;
  readonly reducer: Reducer;
  /** Slots a head on average; a ratio is of the tokens so far, at every boundary; bytes are of the whole cache, in pages. */
  readonly budget: Budget;
  readonly positions: PositionMode;
  /** In committed tokens. Default 16; 1 refuses a drafter. */
  readonly interval?: number;
  /** Protected slots of every head. Default 0. */
  readonly sinks?: number;
  readonly recent?: number;
}

export type Boundary = "prefillEnd" | "turnEnd" | "interval";

export interface CompressionReport {
  readonly boundary: Boundary;
  /** Slots of all layers and heads, after and gone. */
  readonly kept: number;
  readonly evicted: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** One cache under one policy: what the runtime calls at boundaries. */
export interface Compression {
  /** Of the scorer; empty for policies that only look at places. */
  readonly needs: Needs;
  /** In committed tokens. */
  readonly interval: number;
  observe(
    layer: number,
    signals: Signals,
    firstPosition: number,
    rowCount: number,
  ): MaybePromise<void>;
  /** Whether `run` would evict: a caller may leave out the signals for a boundary where nothing happens. */
  isDue(): boolean;
  /** Scores, allocation, plans, all layers; changes nothing, bit for bit, while the budget allows everything. */
  run(boundary: Boundary): Promise<CompressionReport>;
  checkpoint(): unknown;
  restore(checkpoint: unknown): void;
}
