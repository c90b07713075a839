/**
 * A conversation whose cache lives from turn to turn: only what the template adds is fed.
 *
 * The prompt of a turn is rendered whole and compared with what the cache stands for, token by token; where they part the
 * cache is cut. A turn with new pictures starts a fresh cache.
 *
 * State    owns its cache; `dispose` frees
 */
import { createRandom, StateError } from "@frugal/tensor";
import type { ChatMessage } from "@frugal/tokenizers";
import type { PictureInput } from "../pictures/index.js";
import type { Engine } from "./engine.js";
import { written } from "./generate.js";
import { checkOptions, type GenerateOptions, type Piece } from "./options.js";
import { prefill } from "./prefill.js";
import { factsOf } from "./prefix.js";
import { type PreparedPrompt, preparePrompt } from "./prompt.js";
import { Sequence } from "./sequence.js";

export class Chat {
  readonly messages: ChatMessage[] = [];
  /** Prompt tokens of the last turn that the cache held already. */
  reusedTokens = 0;
  readonly #engine: Engine;
  readonly #options: GenerateOptions;
  readonly #pictures: PictureInput[] = [];
  #sequence: Sequence | undefined;
  #isWriting = false;

  constructor(engine: Engine, options: GenerateOptions) {
    checkOptions(options);
    this.#engine = engine;
    this.#options = options;
  }

  async *send(
    text: string,
    options: GenerateOptions & { readonly pictures?: readonly PictureInput[] } = {},
  ): AsyncGenerator<Piece, void, void> {
    if (this.#isWriting)
      throw new StateError("chat", "an answer is being written", "Finish reading it first");
    this.#isWriting = true;
    const pictures = options.pictures ?? [];
    const all = { ...this.#options, ...options };
    const parts = [...pictures.map(() => ({ type: "image" })), { type: "text", text }];
    this.messages.push({ role: "user", content: pictures.length ? parts : text });
    this.#pictures.push(...pictures);
    let answer = "";
    try {
      const random = createRandom(all.seed ?? 0);
      const prepared = await preparePrompt(
        this.#engine,
        { messages: this.messages, images: this.#pictures },
        { method: all.images, random: random.fork("images") },
      );
      const { sequence, rest } = this.#continued(prepared, all);
      const started = performance.now();
      const logits = await prefill(sequence, rest, all);
      const facts = factsOf(prepared, performance.now() - started);
      for await (const piece of written(sequence, prepared.ids, logits, facts, all)) {
        answer += piece.text;
        yield piece;
      }
      await sequence.boundary("turnEnd");
    } catch (error) {
      this.#drop();
      throw error;
    } finally {
      this.#isWriting = false;
      this.messages.push({ role: "assistant", content: answer });
    }
  }

  dispose(): void {
    this.#drop();
  }

  /** The sequence to go on with, and the part of the prompt that it lacks. */
  #continued(
    prepared: PreparedPrompt,
    options: GenerateOptions,
  ): { sequence: Sequence; rest: PreparedPrompt } {
    const shared = this.#sequence ? sharedLength(this.#sequence.cache.tokens, prepared.ids) : 0;
    const afterImages = Math.max(
      0,
      ...prepared.images.map(({ at, tokens }) => at + tokens.state.count),
    );
    if (this.#sequence && !prepared.positions && shared >= afterImages && shared > 0) {
      // The last token is fed again: its logits are needed.
      const kept = Math.min(shared, prepared.ids.length - 1);
      this.#sequence.cache.truncate(kept);
      this.reusedTokens = kept;
      for (const { tokens } of prepared.images) tokens.features.dispose();
      return {
        sequence: this.#sequence,
        rest: { ...prepared, ids: prepared.ids.subarray(kept), images: [] },
      };
    }
    this.#drop();
    this.reusedTokens = 0;
    const sequence = new Sequence(this.#engine, this.#engine.newCache(options.cacheFormat));
    if (options.cache)
      sequence.shrinkBy(options.cache, createRandom(options.seed ?? 0).fork("cache"));
    this.#sequence = sequence;
    return { sequence, rest: prepared };
  }

  #drop(): void {
    this.#sequence?.dispose();
    this.#sequence = undefined;
  }
}

function sharedLength(a: Uint32Array, b: Uint32Array): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
