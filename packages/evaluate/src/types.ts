/**
 * What is measured, what it is measured with, and what comes out.
 *
 * A `Subject` is a small structural type: a model of `@frugal/runtime` fits it, and so does anyone's. Methods are opaque here:
 * evaluate hands them to the subject and reads no more than their names.
 *
 * Letters  L layers, G kv heads, C model width, V vocabulary, S rows of one step
 */
import type { Floats, ModelShape, Needs } from "@frugal/tensor";

/** 8 bits a channel, RGB, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A way to keep fewer image tokens. */
export interface ImageMethod {
  readonly name: string;
  /** Its choice hangs on the text: a prefix cannot be shared by several questions. */
  readonly dependsOn?: "question";
}

/** A way to keep fewer cached tokens. */
export interface CacheMethod {
  readonly scorer: { readonly name: string; needs(model: ModelShape): Needs };
}

/** A way to write several tokens a step. */
export interface DraftMethod {
  readonly drafter: { readonly name: string };
  readonly verifier: { readonly name: string; readonly exact: boolean };
}

export interface SubjectTokenizer {
  encode(text: string, options?: { readonly addSpecialTokens?: boolean }): Uint32Array;
  decode(ids: ArrayLike<number>, options?: { readonly skipSpecialTokens?: boolean }): string;
  readonly specialIds: { readonly bos?: number };
  renderChat(
    messages: readonly { readonly role: string; readonly content: string | readonly ChatPart[] }[],
    options?: { readonly addGenerationPrompt?: boolean },
  ): string;
}

export interface ChatPart {
  readonly type: string;
  readonly text?: string;
}

export interface SubjectCache {
  nextPosition(layer: number): number;
  /** Slots in use. */
  length(layer: number, head: number): number;
  byteLength(): number;
  fork(): SubjectCache;
  dispose(): void;
}

export interface SubjectPiece {
  readonly text: string;
  readonly tokenIds: readonly number[];
  /** On the last piece. */
  readonly report?: SubjectReport;
}

export interface SubjectReport {
  readonly promptTokens: number;
  readonly newTokens: number;
  readonly steps: number;
  readonly drafted: number;
  readonly accepted: number;
  readonly cacheBytes: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
  /** Slots of all layers and heads. */
  readonly compressions: readonly { readonly slotsBefore: number; readonly slotsAfter: number }[];
}

export interface SubjectGenerateOptions {
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly ignoreEndToken?: boolean;
  readonly cache?: CacheMethod;
  readonly draft?: DraftMethod;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface SubjectPrefix {
  readonly cache: SubjectCache;
  /** [V], after the last token. */
  readonly logits: Float32Array;
  readonly facts: { readonly promptTokens: number; readonly fullPromptTokens: number };
  /** Goes on from here on a fork. */
  generate(options?: SubjectGenerateOptions): AsyncIterable<SubjectPiece>;
  /** Shrinks the prefix itself. */
  compress(method: CacheMethod, seed?: number): Promise<void>;
  dispose(): void;
}

export type SubjectPrompt =
  | string
  | { readonly ids: Uint32Array | readonly number[]; readonly images?: readonly Picture[] };

export interface SubjectPrefixOptions {
  readonly images?: ImageMethod;
  /** Policies that a continuation may use. */
  readonly policies?: readonly CacheMethod[];
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A model, as far as it is measured. */
export interface Subject {
  readonly name: string;
  readonly shape: ModelShape;
  readonly maxPositions: number;
  readonly endTokenIds: readonly number[];
  readonly imageTokenId: number | undefined;
  readonly tokenizer: SubjectTokenizer;
  newCache(): SubjectCache;
  /** Logits [S, V] or [1, V] of each cache. */
  step(input: {
    readonly rows: readonly {
      readonly cache: SubjectCache;
      readonly tokens?: Uint32Array;
      readonly positions?: Int32Array;
    }[];
    readonly logits: "last" | "all" | "none";
  }): Promise<{ readonly logits: readonly Floats[] }>;
  prefill(prompt: SubjectPrompt, options?: SubjectPrefixOptions): Promise<SubjectPrefix>;
  generate(prompt: SubjectPrompt, options?: SubjectGenerateOptions): AsyncIterable<SubjectPiece>;
  /** The encoder alone; `pooled` [C] is the class token behind the last norm. */
  look?(
    picture: Picture,
    options?: { readonly method?: ImageMethod; readonly seed?: number },
  ): Promise<{ readonly pooled: Floats; readonly state: { readonly count: number } }>;
}

/** One line of a table: a method at a budget. Without a method: nothing is saved. */
export interface Arm<Method> {
  readonly name: string;
  /** Share of the tokens that stay, 0..1; null where the method has no such number. */
  readonly keepRatio: number | null;
  readonly method?: Method;
}

/** One answer. */
export interface Trial {
  /** 1 or 0 where the task counts right answers; otherwise what the task says. */
  readonly quality: number;
  /** What had to be handled for it, in the task's `cost`. */
  readonly tokens: number;
  readonly elapsedMs: number;
  /** Further numbers; a row shows their means. */
  readonly details?: Readonly<Record<string, number>>;
}

/** One picture, prompt or window, on which every arm is tried. */
export interface Item<Method> {
  /** The same trials in the same order for every arm. */
  run(arm: Arm<Method>): Promise<readonly Trial[]>;
  dispose?(): void;
}

export interface Task<Method> {
  readonly name: string;
  readonly title: string;
  /** What the items are, in the plural. */
  readonly items: string;
  readonly quality: {
    readonly name: string;
    readonly better: "higher" | "lower";
    /** Counts of right answers: a share with Wilson's interval. */
    readonly isShare: boolean;
  };
  /** What `tokens` of a trial counts. */
  readonly cost: string;
  /** A detail that curves show instead of the cost. */
  readonly plotted?: string;
  /** Item `index`; the arms are those that will be run on it. */
  open(
    index: number,
    arms: readonly Arm<Method>[],
    signal: AbortSignal | undefined,
  ): Promise<Item<Method>>;
}

export type Interval = readonly [low: number, high: number];

export interface Row {
  readonly method: string;
  readonly budget: number | null;
  readonly quality: number;
  readonly interval95: Interval;
  readonly samples: number;
  /** Mean over the trials, in the table's `cost`. */
  readonly tokensProcessed: number;
  /** Mean over the trials, in milliseconds. */
  readonly ms: number;
  readonly details: Readonly<Record<string, number>>;
  /** Trial by trial against the first row: how often better and worse, and the chance of that if they were equal. */
  readonly versusFull?: {
    readonly better: number;
    readonly worse: number;
    readonly p: number;
    readonly isWorse: boolean;
  };
}

/** A method that refused the model or the budget. */
export interface Refusal {
  readonly method: string;
  readonly budget: number | null;
  readonly reason: string;
}

export interface Table {
  readonly task: string;
  readonly title: string;
  readonly model: string;
  readonly quality: Task<never>["quality"];
  readonly cost: string;
  readonly plotted?: string;
  readonly items: { readonly name: string; readonly count: number };
  readonly rows: readonly Row[];
  readonly refusals: readonly Refusal[];
}

export interface Report {
  readonly title: string;
  /** How to get it again. */
  readonly command: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly tables: readonly Table[];
}
