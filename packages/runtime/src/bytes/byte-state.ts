/**
 * The exact law of the next byte of a model over tokens, also where the text stops inside a token or a character.
 *
 * Paper    Phan et al., Exact Byte-Level Probabilities from Tokenized Language Models, arXiv:2410.09303
 * Shapes   bytes [n]  ->  [257] f64: P(byte | bytes), then P(any special token | bytes)
 * Cost     a call of `next`: one step over the tree of the encodings that may have begun the text (some ten rows), and one
 *          short encoding for each token of the vocabulary that the model does not rule out
 * State    a cache of the tokens that all encodings share; calls one at a time
 * Needs    a byte-level BPE tokenizer
 * Differs  tokens that the model gives less than 1e-10 are counted without a look at whether the tokenizer would write
 *          them; behind half a character every token counts (see @frugal/tokenizers/segment)
 * Errors   ArgumentError: no token before the text, bytes that no text begins with, a context that is full; CapabilityError
 *          for tokens that are not bytes; StateError after `dispose` and where no encoding has any weight
 */
import type { Cache } from "@frugal/kv-cache";
import { ArgumentError, draw, type Floats, type Random, StateError } from "@frugal/tensor";
import { ByteCovers, type CoverGroup } from "@frugal/tokenizers/segment";
import type { LanguageModel } from "../model/language-model.js";
import { commonLength, type EncodingTree, treeOf } from "./encoding-tree.js";
import { type ByteLaw, END, LAW_SIZE } from "./types.js";

export interface ByteStateOptions {
  /** What stands before the text. Default: the model's begin token, or its end token. */
  readonly prefix?: ArrayLike<number>;
}

/** Below it a token's weight cannot move a law by more than 1e-5. */
const NEGLIGIBLE = 1e-10;
const CHUNK = 256;

/** Encodings of the text so far, with the logarithm of the probability of each. */
interface Weighed {
  readonly exact: readonly {
    readonly ids: Uint32Array;
    readonly log: number;
    readonly row: Float64Array;
  }[];
  readonly beyond: readonly { readonly group: CoverGroup; readonly logs: Float64Array }[];
}

export class ByteState implements ByteLaw {
  readonly #model: LanguageModel;
  readonly #covers: ByteCovers;
  readonly #prefix: Uint32Array;
  readonly #special: readonly number[];
  readonly #cache: Cache;

  private constructor(model: LanguageModel, covers: ByteCovers, prefix: Uint32Array, cache: Cache) {
    this.#model = model;
    this.#covers = covers;
    this.#prefix = prefix;
    this.#cache = cache;
    this.#special = model.tokenizer.specialIds.all;
  }

  static of(model: LanguageModel, options: ByteStateOptions = {}): ByteState {
    const { bos, eos } = model.tokenizer.specialIds;
    const begin = bos ?? eos;
    const prefix = Uint32Array.from(options.prefix ?? (begin === undefined ? [] : [begin]));
    if (prefix.length === 0)
      throw new ArgumentError("ByteState", "prefix", "at least one token before the text", "none");
    return new ByteState(model, new ByteCovers(model.tokenizer), prefix, model.newCache());
  }

  push(bytes: Uint8Array): void {
    this.#covers.push(bytes);
  }

  async next(): Promise<Float64Array> {
    const { exact, beyond } = await this.#weigh();
    const law = new Float64Array(LAW_SIZE);
    const most = Math.max(
      ...exact.map(({ log }) => log),
      ...beyond.map(({ logs }) => maximum(logs)),
    );
    if (most === -Infinity)
      throw new StateError("ByteState", "the model gives no weight to any encoding of the text");
    for (const { group, logs } of beyond)
      group.nextBytes.forEach((byte, i) => {
        law[byte]! += Math.exp(logs[i]! - most);
      });
    for (const { ids, log, row } of exact) {
      const weight = Math.exp(log - most);
      if (weight === 0) continue;
      const mayFollow = this.#covers.follower(ids);
      for (let id = 0; id < this.#model.tokenizer.vocabularySize; id++) {
        const share = Math.exp(row[id]!);
        const first = this.#covers.tokens.bytesOf(id)[0];
        if (share === 0 || first === undefined) continue;
        if (share < NEGLIGIBLE || mayFollow(id)) law[first]! += weight * share;
      }
      for (const id of this.#special) law[END]! += weight * Math.exp(row[id]!);
    }
    const total = law.reduce((sum, value) => sum + value, 0);
    return law.map((value) => value / total);
  }

  /**
   * One of the encodings that may have begun the text, drawn by its probability; `null` takes the most likely. Decoding
   * token by token behind it gives what the model would write behind the bytes, exactly.
   */
  async drawEncoding(random: Random | null): Promise<Uint32Array> {
    const { exact, beyond } = await this.#weigh();
    const all = [
      ...exact.map(({ ids, log }) => ({ ids, log })),
      ...beyond.flatMap(({ group, logs }) =>
        Array.from(group.tokens, (token, i) => ({
          ids: Uint32Array.of(...group.left, token),
          log: logs[i]!,
        })),
      ),
    ].sort((a, b) => b.log - a.log);
    const best = all[0]!;
    if (best.log === -Infinity)
      throw new StateError("ByteState", "the model gives no weight to any encoding of the text");
    if (random === null) return Uint32Array.of(...this.#prefix, ...best.ids);
    const weights = all.map(({ log }) => Math.exp(log - best.log));
    return Uint32Array.of(...this.#prefix, ...all[draw(weights, random.next())]!.ids);
  }

  fork(): ByteState {
    return new ByteState(this.#model, this.#covers.fork(), this.#prefix, this.#cache.fork());
  }

  dispose(): void {
    this.#cache.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #weigh(): Promise<Weighed> {
    const { exact, beyond } = this.#covers.covers();
    const whole = (ids: Uint32Array) => Uint32Array.of(...this.#prefix, ...ids);
    const tree = treeOf([...exact.map(whole), ...beyond.map(({ left }) => whole(left))]);
    const rows = await this.#run(tree);
    const logs = new Float64Array(tree.tokens.length);
    for (let node = 1; node < logs.length; node++) {
      const parent = tree.parents[node]!;
      logs[node] = logs[parent]! + rows[parent]![tree.tokens[node]!]!;
    }
    return {
      exact: exact.map((ids, i) => {
        const node = tree.ends[i]!;
        return { ids, log: logs[node]!, row: rows[node]! };
      }),
      beyond: beyond.map((group, i) => {
        const node = tree.ends[exact.length + i]!;
        const row = rows[node]!;
        return { group, logs: Float64Array.from(group.tokens, (id) => logs[node]! + row[id]!) };
      }),
    };
  }

  /** Logarithms of probabilities [nodes][V] behind each node; the cache then holds what comes before the root. */
  async #run({ stem, tokens, parents }: EncodingTree): Promise<Float64Array[]> {
    const cache = this.#cache;
    if (stem.length + tokens.length > this.#model.maxPositions)
      throw new ArgumentError(
        "ByteState",
        "bytes",
        `a text of at most ${this.#model.maxPositions} tokens`,
        stem.length + tokens.length,
      );
    const shared = commonLength(cache.tokens, stem);
    if (shared < cache.tokenCount) cache.truncate(shared);
    for (let at = shared; at < stem.length; at += CHUNK)
      await this.#model.step({
        rows: [{ cache, tokens: stem.subarray(at, at + CHUNK) }],
        logits: "none",
      });
    const { logits } = await this.#model.step({
      rows: [{ cache, tokens, parents }],
      logits: "all",
    });
    cache.truncate(stem.length);
    const { data, dims } = logits[0] as Floats;
    const width = dims[1] as number;
    return Array.from(tokens, (_, row) =>
      logSoftmax(data.subarray(row * width, (row + 1) * width)),
    );
  }
}

function maximum(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

function logSoftmax(logits: Float32Array): Float64Array {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  const shift = most + Math.log(sum);
  return Float64Array.from(logits, (logit) => logit - shift);
}
