/**
 * The target model as decoding sees it: feed one token or a tree of drafts, read the law after a row.
 *
 * Shapes   tree [J] -> laws [V], read row by row as they are asked for
 * Cost     a pass a step; a greedy law reads one number a step, any other V logits, in place where they are on the CPU
 * State    borrows the sequence; owns its logits, so what other users of the model do in between changes nothing; they are
 *          valid until the next step; `dispose` frees
 */
import type { DraftTree, Needs, Signals, Tensor } from "@frugal/tensor";
import { TapPlan } from "../model/tap-plan.js";
import { TapReader } from "../model/taps.js";
import type { Sampler } from "../sampling/index.js";
import type { Sequence } from "./sequence.js";
import { depthsOf } from "./tree.js";

/** The results of `top` [rows, perRow]. */
interface Top {
  readonly rows: number;
  readonly perRow: number;
  readonly indices: Tensor;
  readonly values: Tensor;
}

export class Target {
  readonly #sequence: Sequence;
  readonly #sampler: Sampler;
  readonly #context: TokenList;
  readonly #isGreedy: boolean;
  readonly #token = new Uint32Array(1);
  readonly #law: Float32Array;
  /** [rows, V] and [rows]: as many rows as the largest step so far. */
  #logits: Tensor | undefined;
  #best: Tensor | undefined;
  #top: Top | undefined;
  #tree: DraftTree | undefined;
  /** Best token of each row of the last step, once it was read. */
  #bestIds: Int32Array | undefined;
  #needs: Needs | undefined;
  #plan: TapPlan | undefined;

  constructor(sequence: Sequence, sampler: Sampler, context: TokenList) {
    this.#sequence = sequence;
    this.#sampler = sampler;
    this.#context = context;
    this.#isGreedy = sampler.isGreedy && sampler.processors.length === 0;
    this.#law = new Float32Array(sequence.engine.decoder.config.vocabularySize);
  }

  /** One row: the last token emitted, committed at once. */
  async feed(token: number): Promise<void> {
    const { cache, engine, history } = this.#sequence;
    const { decoder } = engine;
    const taps = this.#sequence.presentTaps();
    const position = cache.nextPosition(0);
    this.#token[0] = token;
    decoder.reserve(1);
    decoder.embed(this.#token);
    cache.begin({ tokens: this.#token });
    const group = taps ? { cache, rows: 1, taps } : { cache, rows: 1 };
    decoder.pass([group], 0, decoder.config.layerCount, history?.listener);
    decoder.logits(0, 1, this.#room(1));
    this.#sequence.committedSince += 1;
    this.#tree = undefined;
    this.#bestIds = undefined;
    if (taps) await this.#sequence.observe(taps, position, 1);
  }

  /** A tree whose root is the last token emitted. Nothing is committed yet. */
  async feedTree(tree: DraftTree, needs: Needs): Promise<Signals> {
    const { cache, engine, history } = this.#sequence;
    const { decoder } = engine;
    const { tokens, parents } = tree;
    const rows = tokens.length;
    const plan = this.#planOf(needs);
    const taps = plan.isEmpty ? undefined : new TapReader(plan, engine.backend);
    const depths = depthsOf(parents);
    decoder.reserve(rows);
    decoder.embed(tokens);
    cache.begin({ tokens, parents });
    const group = { cache, rows, parents, depths, ...(taps ? { taps } : {}) };
    decoder.pass([group], 0, decoder.config.layerCount, history?.listener);
    decoder.logits(0, rows, this.#room(rows));
    this.#tree = tree;
    this.#bestIds = undefined;
    return (await taps?.signals()) ?? {};
  }

  /** The law after a row of the last step, processed for the tokens on its path; valid until the next call. */
  async law(row: number): Promise<Float32Array> {
    if (this.#isGreedy) {
      this.#law.fill(0)[await this.#bestOf(row)] = 1;
      return this.#law;
    }
    const logits = await this.#read(row);
    return this.#sampler.law(logits, () => this.#path(row), this.#law);
  }

  /** The target's best tokens after each row of the last tree [J, perRow]. */
  async top(perRow: number): Promise<Uint32Array> {
    const { backend } = this.#sequence.engine;
    const rows = this.#rows;
    if (!this.#top || this.#top.rows < rows || this.#top.perRow !== perRow) {
      this.#top?.indices.dispose();
      this.#top?.values.dispose();
      const indices = backend.empty([rows, perRow], "int32");
      this.#top = { rows, perRow, indices, values: backend.empty([rows, perRow]) };
    }
    const { indices, values } = this.#top;
    backend.topk(this.#logits as Tensor, perRow, indices, values, rows);
    const ids = (await backend.read(indices, 0, rows * perRow)) as Int32Array;
    return new Uint32Array(ids.buffer, ids.byteOffset, ids.length);
  }

  dispose(): void {
    for (const own of [this.#logits, this.#best, this.#top?.indices, this.#top?.values]) {
      own?.dispose();
    }
    this.#logits = undefined;
    this.#best = undefined;
    this.#top = undefined;
  }

  get #rows(): number {
    return this.#tree?.tokens.length ?? 1;
  }

  /** Logits for `rows`: made anew, at least twice as large, only when a step has more rows than any before. */
  #room(rows: number): Tensor {
    const held = this.#logits?.dims[0] ?? 0;
    if (held >= rows) return this.#logits as Tensor;
    const { backend, decoder } = this.#sequence.engine;
    this.#logits?.dispose();
    this.#best?.dispose();
    const room = Math.max(rows, 2 * held);
    this.#logits = backend.empty([room, decoder.config.vocabularySize]);
    this.#best = backend.empty([room], "int32");
    return this.#logits;
  }

  #planOf(needs: Needs): TapPlan {
    if (this.#plan && this.#needs === needs) return this.#plan;
    const { layerCount } = this.#sequence.engine.decoder.config;
    this.#needs = needs;
    this.#plan = new TapPlan(needs, "decoder", layerCount);
    return this.#plan;
  }

  /** Without reading V logits a row. */
  async #bestOf(row: number): Promise<number> {
    if (!this.#bestIds) {
      const { backend } = this.#sequence.engine;
      const best = this.#best as Tensor;
      backend.argmax(this.#logits as Tensor, best, this.#rows);
      this.#bestIds = (await backend.read(best, 0, this.#rows)) as Int32Array;
    }
    return this.#bestIds[row] as number;
  }

  async #read(row: number): Promise<Float32Array> {
    const { backend, decoder } = this.#sequence.engine;
    const { vocabularySize } = decoder.config;
    const logits = this.#logits as Tensor;
    const start = row * vocabularySize;
    if (logits.location === "cpu") {
      return (logits.data as Float32Array).subarray(start, start + vocabularySize);
    }
    return (await backend.read(logits, start, vocabularySize)) as Float32Array;
  }

  /** Everything before and on the path to a row; the root is the context's last token. */
  #path(row: number): Uint32Array {
    const tree = this.#tree;
    if (!tree) return this.#context.view;
    const path: number[] = [];
    for (let at = row; at > 0; at = tree.parents[at] as number) {
      path.unshift(tree.tokens[at] as number);
    }
    return this.#context.with(path);
  }
}

/** Tokens so far in a buffer that grows. */
export class TokenList {
  #buffer: Uint32Array;
  #length: number;

  constructor(tokens: Uint32Array) {
    this.#buffer = new Uint32Array(tokens.length + 256);
    this.#buffer.set(tokens);
    this.#length = tokens.length;
  }

  get view(): Uint32Array {
    return this.#buffer.subarray(0, this.#length);
  }

  push(token: number): void {
    this.#grow(1);
    this.#buffer[this.#length++] = token;
  }

  /** The tokens and `more` behind them; a view that lasts until the next call. */
  with(more: readonly number[]): Uint32Array {
    this.#grow(more.length);
    for (let i = 0; i < more.length; i++) this.#buffer[this.#length + i] = more[i] as number;
    return this.#buffer.subarray(0, this.#length + more.length);
  }

  #grow(count: number): void {
    if (this.#length + count <= this.#buffer.length) return;
    const longer = new Uint32Array(2 * (this.#length + count));
    longer.set(this.view);
    this.#buffer = longer;
  }
}
