/** What a caller may say about a generation, and what it is told. */

import type { CachePolicy } from "@frugal/kv-cache";
import type { Drafter, Verifier } from "@frugal/speculative";
import { ArgumentError, type KvFormat } from "@frugal/tensor";
import type { TokenMethod } from "@frugal/vision-token-pruning";
import { type SamplingOptions, samplerOf } from "../sampling/index.js";
import { StopMatcher } from "../sampling/stop-strings.js";
import type { CompressionRecord } from "./sequence.js";

export interface GenerateOptions extends SamplingOptions {
  /** New tokens at most; default 128. */
  readonly maxTokens?: number;
  /** Texts that end the answer; they are not part of it. */
  readonly stop?: readonly string[];
  /** Goes on past the model's end tokens. */
  readonly ignoreEndToken?: boolean;
  /** Which image tokens stay. Default: all. */
  readonly images?: TokenMethod;
  /** How the cache shrinks. Default: it does not. */
  readonly cache?: CachePolicy;
  /** How keys and values are stored; default "f32". */
  readonly cacheFormat?: KvFormat;
  /** Several tokens a step. The verifier has to accept the drafter's kind of tree. */
  readonly draft?: { readonly drafter: Drafter; readonly verifier: Verifier };
  readonly chunkTokens?: number;
  readonly signal?: AbortSignal;
  /** Rows of the prompt fed so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface GenerateReport {
  readonly promptTokens: number;
  /** Rows the prompt would have had without pruning. */
  readonly fullPromptTokens: number;
  readonly newTokens: number;
  /** Passes through the model after the prefill. */
  readonly steps: number;
  readonly drafted: number;
  readonly accepted: number;
  /** False when the verifier changes the law of the text. */
  readonly isExact: boolean;
  readonly compressions: readonly CompressionRecord[];
  /** Allocated pages at the end, in bytes. */
  readonly cacheBytes: number;
  readonly encodeMs: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
  /** The path the back end took. */
  readonly path: string;
}

export interface Piece {
  readonly text: string;
  readonly tokenIds: readonly number[];
  /** Only on the last piece. */
  readonly finish?: "end" | "length" | "stop";
  readonly report?: GenerateReport;
}

export const DEFAULT_MAX_TOKENS = 128;

/** Rows a draft tree may have: bounds the scratch of a step. */
export const MAX_TREE_ROWS = 256;

/** Refuses what no model could carry out, before anything runs. */
export function checkOptions(options: GenerateOptions): { readonly maxTokens: number } {
  const maxTokens = options.maxTokens ?? DEFAULT_MAX_TOKENS;
  if (!Number.isInteger(maxTokens) || maxTokens < 0) {
    throw new ArgumentError("generate", "maxTokens", "an integer of 0 or more", maxTokens);
  }
  const { draft, cache, chunkTokens } = options;
  if (chunkTokens !== undefined && (!Number.isInteger(chunkTokens) || chunkTokens < 1)) {
    throw new ArgumentError("generate", "chunkTokens", "a positive integer", chunkTokens);
  }
  samplerOf(options);
  new StopMatcher(options.stop ?? []);
  if (draft) {
    checkPart("draft.drafter", draft.drafter, "propose");
    checkPart("draft.verifier", draft.verifier, "verify");
  }
  if (draft && cache?.interval === 1) {
    throw new ArgumentError(
      "generate",
      "cache.interval",
      "above 1 with a drafter",
      1,
      "A draft is cut at every boundary: there would be no room for one",
    );
  }
  return { maxTokens };
}

function checkPart(name: string, value: unknown, method: string): void {
  const given = value as Record<string, unknown> | null | undefined;
  if (typeof given?.[method] === "function") return;
  throw new ArgumentError("generate", name, `an object with ${method}()`, value);
}
