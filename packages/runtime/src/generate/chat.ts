/**
 * A conversation whose cache lives from turn to turn: only what the template adds is fed.
 *
 * The prompt of a turn is rendered whole and compared with what the cache stands for, token by token; where they part the
 * cache is cut. A turn with new pictures, or with another policy, format or image method, starts a fresh cache. A turn that fails before its answer began is taken back; one
 * that breaks off keeps what was written.
 *
 * State    owns its cache; `dispose` frees, and ends the chat
 * Errors   StateError while an answer is being written and after `dispose`; those of `generate`
 */
import { createRandom, StateError } from "@frugal/tensor";
import type { ChatMessage } from "@frugal/tokenizers";
import type { PictureInput } from "../pictures/index.js";
import type { Engine } from "./engine.js";
import { written } from "./generate.js";
import { checkOptions, type GenerateOptions, type Piece } from "./options.js";
import { prefill } from "./prefill.js";
import { factsOf } from "./prefix.js";
import { type PreparedPrompt, preparePrompt, releaseImages } from "./prompt.js";
import { Sequence } from "./sequence.js";

export class Chat {
  readonly messages: ChatMessage[] = [];
  /** Prompt tokens of the last turn that the cache held already. */
  reusedTokens = 0;
  readonly #engine: Engine;
  readonly #options: GenerateOptions;
  readonly #pictures: PictureInput[] = [];
  #sequence: Sequence | undefined;
  /** What the sequence was begun with: a turn that asks for something else starts a fresh one. */
  #begun: { [K in "cache" | "cacheFormat" | "images"]?: GenerateOptions[K] | undefined } = {};
  #isWriting = false;
  #isDisposed = false;

  constructor(engine: Engine, options: GenerateOptions) {
    checkOptions(options);
    this.#engine = engine;
    this.#options = options;
  }

  async *send(
    text: string,
    options: GenerateOptions & { readonly pictures?: readonly PictureInput[] } = {},
  ): AsyncGenerator<Piece, void, void> {
    if (this.#isDisposed) throw new StateError("chat", "it is disposed", "Open another one");
    if (this.#isWriting) {
      throw new StateError("chat", "an answer is being written", "Finish reading it first");
    }
    const pictures = options.pictures ?? [];
    const all = { ...this.#options, ...options };
    checkOptions(all);
    this.#isWriting = true;
    const parts = [...pictures.map(() => ({ type: "image" })), { type: "text", text }];
    this.messages.push({ role: "user", content: pictures.length ? parts : text });
    this.#pictures.push(...pictures);
    let answer = "";
    let hasFailed = false;
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
      hasFailed = true;
      this.#drop();
      throw error;
    } finally {
      this.#isWriting = false;
      if (hasFailed && answer === "") this.#takeBack(pictures.length);
      else this.messages.push({ role: "assistant", content: answer });
      if (this.#isDisposed) this.#drop();
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#drop();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #takeBack(pictureCount: number): void {
    this.messages.pop();
    this.#pictures.splice(this.#pictures.length - pictureCount, pictureCount);
  }

  /** The sequence to go on with, and the part of the prompt that it lacks. */
  #continued(
    prepared: PreparedPrompt,
    options: GenerateOptions,
  ): { sequence: Sequence; rest: PreparedPrompt } {
    const { cache, cacheFormat, images } = options;
    const begun = this.#begun;
    const isSame =
      cache === begun.cache && cacheFormat === begun.cacheFormat && images === begun.images;
    const shared =
      this.#sequence && isSame ? sharedLength(this.#sequence.cache.tokens, prepared.ids) : 0;
    const afterImages = Math.max(
      0,
      ...prepared.images.map(({ at, tokens }) => at + tokens.state.count),
    );
    if (this.#sequence && !prepared.positions && shared >= afterImages && shared > 0) {
      // The last token is fed again: its logits are needed.
      const kept = Math.min(shared, prepared.ids.length - 1);
      this.#sequence.truncate(kept);
      this.reusedTokens = kept;
      releaseImages(prepared);
      return {
        sequence: this.#sequence,
        rest: { ...prepared, ids: prepared.ids.subarray(kept), images: [] },
      };
    }
    this.#drop();
    this.reusedTokens = 0;
    this.#begun = { cache, cacheFormat, images };
    try {
      const sequence = new Sequence(this.#engine, this.#engine.newCache(cacheFormat));
      this.#sequence = sequence;
      if (cache) sequence.shrinkBy(cache, createRandom(options.seed ?? 0).fork("cache"));
      return { sequence, rest: prepared };
    } catch (error) {
      releaseImages(prepared);
      throw error;
    }
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
