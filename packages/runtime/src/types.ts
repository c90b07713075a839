/**
 * What a model is to everyone above it: one step over rows of caches, with taps on request.
 *
 * Letters  L layers, H query heads, G kv heads, D head width, C model width, V vocabulary, S rows of one step
 */
import type { Cache } from "@frugal/kv-cache";
import type { Floats, ModelShape, Needs, Signals } from "@frugal/tensor";

/** Rows of one cache in one step. Prefill: many rows; decode: one; verify: a tree. */
export interface StepRows {
  readonly cache: Cache;
  /** [S]; with `embeddings` they only say what the cache stands for. Not given when a stack is continued at `fromLayer`. */
  readonly tokens?: Uint32Array;
  /** [S, C] */
  readonly embeddings?: Floats;
  /** [S]; default: the next positions of the cache, layer by layer; in a tree, by depth. */
  readonly positions?: Int32Array;
  /** A tree; otherwise each row follows the one before. */
  readonly parents?: Int32Array;
  /** With `fromLayer`: which of the step's tokens each row of `hidden` is; default: the first, the second, ... */
  readonly origins?: Int32Array;
}

/** `fromLayer`, `toLayer` and `hidden` run a part of the stack: decoder-stage pruning and self-speculation need it. */
export interface StepInput {
  readonly rows: readonly StepRows[];
  readonly logits: "last" | "all" | "none";
  readonly needs?: Needs;
  /** Default 0. */
  readonly fromLayer?: number;
  /** Default L; below it `hidden` comes back and logits are not computed. */
  readonly toLayer?: number;
  /** One a cache, [S, C]: what layer `fromLayer` receives. */
  readonly hidden?: readonly Floats[];
}

export interface StepOutput {
  /** One a cache, [rows asked for, V]; empty when none were asked for. */
  readonly logits: readonly Floats[];
  /** One a cache, [S, C], when the stack was left before its end. */
  readonly hidden?: readonly Floats[];
  /** One a cache, by the names of `needs`. */
  readonly signals: readonly Signals[];
}

export interface Model {
  readonly name: string;
  readonly shape: ModelShape;
  step(input: StepInput): Promise<StepOutput>;
}
