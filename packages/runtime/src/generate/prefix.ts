/**
 * A prompt that has been fed: continue it as often as you like, each time under another policy or drafter.
 *
 * State    owns its cache; each continuation works on a fork that shares the pages; `dispose` frees
 */
import type { CachePolicy } from "@frugal/kv-cache";
import { ArgumentError, createRandom, type KvFormat, StateError } from "@frugal/tensor";
import type { TokenMethod } from "@frugal/vision-token-pruning";
import type { Engine } from "./engine.js";
import { type ContinueOptions, continueSequence } from "./generate.js";
import type { Piece } from "./options.js";
import { type PrefillOptions, prefill } from "./prefill.js";
import { checkIds, type PreparedPrompt, type Prompt, preparePrompt } from "./prompt.js";
import { Sequence, windowOf } from "./sequence.js";

export interface PrefixOptions extends PrefillOptions {
  /** Policies that a continuation may use: the prefill retains the queries they want. */
  readonly policies?: readonly CachePolicy[];
  /** Last query rows to retain; default: what `policies` want. */
  readonly retainQueries?: number;
  readonly images?: TokenMethod;
  readonly cacheFormat?: KvFormat;
  readonly seed?: number;
}

export interface PrefixFacts {
  readonly promptTokens: number;
  readonly fullPromptTokens: number;
  readonly encodeMs: number;
  readonly prefillMs: number;
}

export class Prefix {
  readonly facts: PrefixFacts;
  readonly ids: Uint32Array;
  readonly #sequence: Sequence;
  readonly #logits: Float32Array;
  #isDisposed = false;

  constructor(sequence: Sequence, ids: Uint32Array, logits: Float32Array, facts: PrefixFacts) {
    this.#sequence = sequence;
    this.#logits = logits;
    this.ids = ids;
    this.facts = facts;
  }

  /** The cache of the prefix itself: read it, fork it; a continuation never changes it. */
  get cache() {
    return this.#sequence.cache;
  }

  /** Logits [V] after its last token. */
  get logits(): Float32Array {
    return this.#logits;
  }

  /** Shrinks the prefix itself, once, for all continuations. */
  async compress(policy: CachePolicy, seed = 0): Promise<void> {
    this.#check();
    this.#sequence.shrinkBy(policy, createRandom(seed).fork("cache"));
    await this.#sequence.boundary("prefillEnd");
    this.#sequence.compression = undefined;
  }

  /** Goes on from here on a fork. */
  generate(options: ContinueOptions = {}): AsyncGenerator<Piece, void, void> {
    this.#check();
    const facts = { ...this.facts, encodeMs: 0, prefillMs: 0 };
    const state = { ids: this.ids, logits: this.#logits, facts };
    return continueSequence(() => this.#sequence.fork(), state, options);
  }

  /** Feeds a question behind the prefix, on a fork, and answers it: several questions share what was fed once. */
  ask(
    question: string | Uint32Array,
    options: ContinueOptions = {},
  ): AsyncGenerator<Piece, void, void> {
    this.#check();
    const { engine } = this.#sequence;
    const ids =
      typeof question === "string"
        ? engine.tokenizer.encode(question, { addSpecialTokens: false })
        : question;
    checkIds(engine, ids);
    const { maxPositions } = engine.decoder.config;
    const room = maxPositions - this.#sequence.furthestPosition;
    if (ids.length === 0 || ids.length > room) {
      throw new ArgumentError(
        "ask",
        "question",
        `1..${room} tokens, what the positions leave`,
        ids.length,
      );
    }
    const state = { ids: this.ids, logits: this.#logits, facts: this.facts };
    return continueSequence(() => this.#sequence.fork(), state, options, ids);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#sequence.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(): void {
    if (this.#isDisposed) throw new StateError("prefix", "it is disposed", "Prefill again");
  }
}

export async function prefillPrefix(
  engine: Engine,
  prompt: Prompt,
  options: PrefixOptions,
): Promise<Prefix> {
  const { retainQueries = 0 } = options;
  if (!Number.isInteger(retainQueries) || retainQueries < 0) {
    throw new ArgumentError("prefill", "retainQueries", "an integer of 0 or more", retainQueries);
  }
  const random = createRandom(options.seed ?? 0).fork("images");
  const sequence = new Sequence(engine, engine.newCache(options.cacheFormat));
  try {
    const windows = (options.policies ?? []).map(({ scorer }) =>
      windowOf(scorer.needs(engine.shape)),
    );
    const window = Math.max(retainQueries, ...windows);
    if (window > 0) sequence.retain(window);
    const prepared = await preparePrompt(engine, prompt, { method: options.images, random });
    const started = performance.now();
    const logits = await prefill(sequence, prepared, options);
    const facts = factsOf(prepared, performance.now() - started);
    return new Prefix(sequence, prepared.ids, logits, facts);
  } catch (error) {
    sequence.dispose();
    throw error;
  }
}

export function factsOf(prepared: PreparedPrompt, prefillMs: number): PrefixFacts {
  return {
    promptTokens: prepared.ids.length,
    fullPromptTokens: prepared.fullLength,
    encodeMs: prepared.images.reduce((sum, { tokens }) => sum + tokens.encodeMs, 0),
    prefillMs,
  };
}
