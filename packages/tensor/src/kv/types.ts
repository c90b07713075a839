/**
 * Where keys and values live: runs of slots, each run a list of refcounted pages.
 *
 * A run is a segment of one kv head in one format; a head is a list of runs that attention walks in order. The books
 * (lengths, positions, log weights) are CPU arrays; the vectors stay on the back end. `pagedKv(driver)` implements all of
 * this once over the small `PageDriver` that a back end supplies.
 */
import type { Tensor } from "../tensor.js";
import type { HeadPlan } from "../types.js";

/** `int8`: symmetric, one f32 scale a vector, codes -127..127, half to even. */
export type KvFormat = "f32" | "int8";

/** Slots a page holds. */
export const PAGE_SLOTS = 32;

export interface KvRunSpec {
  readonly headWidth: number;
  readonly format: KvFormat;
}

export interface KvRun extends KvRunSpec {
  readonly length: number;
  /** [length]; a view that the next change of the run makes stale. */
  readonly positions: Int32Array;
  /** [length], or null while every weight is 0. */
  readonly logWeights: Float32Array | null;
  /** Bytes of its pages; a shared page counts in every run that holds it. */
  readonly byteLength: number;
  /** Shares pages; whoever writes to a shared page copies it first. */
  fork(): KvRun;
  /** Drops the slots from `length` on and frees pages that no longer hold any. */
  truncate(length: number): void;
  /** Slots before `first` stay; behind them only `kept` (ascending old slots >= first), moved together bit for bit. */
  keep(first: number, kept: Uint32Array): void;
  /** Turns key i by angles[i] ([length, D]: D/2 cosines, then D/2 sines) and gives it positions[i]. */
  rotate(angles: Float32Array, positions: Int32Array): void;
  /** Decoded copies [length, D]. */
  read(kind: "key" | "value"): Promise<Float32Array>;
  dispose(): void;
}

export interface KvAppend {
  /** One run a kv head. */
  readonly runs: readonly KvRun[];
  /** [R, G * D]; rows `firstRow .. firstRow + rows`. Keys are rotated already. */
  readonly keys: Tensor;
  readonly values: Tensor;
  readonly firstRow: number;
  readonly rows: number;
  /** [rows] */
  readonly positions: Int32Array;
}

export interface KvMemory {
  readonly formats: readonly KvFormat[];
  create(spec: KvRunSpec): KvRun;
  append(call: KvAppend): void;
  /**
   * A new run made by a plan over the slots of `sources`, numbered in order. One source of weight 1 in the same format is
   * copied bit for bit. The sources stay as they are.
   */
  gather(sources: readonly KvRun[], plan: HeadPlan, format: KvFormat): KvRun;
  /** Bytes of all pages in use, each shared page once. */
  byteLength(): number;
}

/** What a back end supplies; P is its page handle. All slots are within one page. Counts and ranges have been checked. */
export interface PageDriver<P> {
  readonly formats: readonly KvFormat[];
  allocate(spec: KvRunSpec): P;
  release(page: P, spec: KvRunSpec): void;
  pageBytes(spec: KvRunSpec): number;
  /** Keys, values and log weights, bit for bit; pages may be the same (then toSlot <= fromSlot). */
  copySlots(from: P, fromSlot: number, to: P, toSlot: number, count: number, spec: KvRunSpec): void;
  /** Encodes rows of activations: element (row r, d) of this head is at `offset + r * stride + d`. Log weights become 0. */
  writeRows(
    page: P,
    slot: number,
    count: number,
    keys: Tensor,
    values: Tensor,
    offset: number,
    stride: number,
    spec: KvRunSpec,
  ): void;
  /** Encodes host vectors [count, D]. Log weights become 0. */
  encode(
    page: P,
    slot: number,
    count: number,
    keys: Float32Array,
    values: Float32Array,
    spec: KvRunSpec,
  ): void;
  setLogWeights(page: P, slot: number, weights: Float32Array, spec: KvRunSpec): void;
  rotate(page: P, slot: number, count: number, angles: Float32Array, spec: KvRunSpec): void;
  /** Decoded copy [count, D] into `out` from element `at` on. */
  decode(
    page: P,
    slot: number,
    count: number,
    kind: "key" | "value",
    out: Float32Array,
    at: number,
    spec: KvRunSpec,
  ): void | Promise<void>;
}

/** A run made by `pagedKv`: its page handles, for the back end that made it. */
export interface PagedRun<P> extends KvRun {
  readonly pages: readonly P[];
}
