/**
 * A loaded model: steps with taps, generation, chat, shared contexts.
 *
 * Shapes   logits [rows, V], hidden [S, C], f32 on the CPU
 * State    owns weights and scratch, not the back end; `dispose` frees. Calls may overlap: whatever uses the scratch is
 *          enqueued in one stretch without an await, and reads ask for copies in that stretch
 * Errors   those of `runStep`, `generate` and their parts; StateError after `dispose`
 */
import type { Cache, CachePolicy } from "@frugal/kv-cache";
import {
  ArgumentError,
  CapabilityError,
  createRandom,
  type Floats,
  floats,
  type KvFormat,
  type ModelShape,
  type Needs,
  type Signals,
  StateError,
} from "@frugal/tensor";
import type { TokenMethod, TokenState } from "@frugal/vision-token-pruning";
import { Chat } from "../generate/chat.js";
import type { Engine } from "../generate/engine.js";
import { generate } from "../generate/generate.js";
import type { GenerateOptions, Piece } from "../generate/options.js";
import { type Prefix, type PrefixOptions, prefillPrefix } from "../generate/prefix.js";
import type { Prompt } from "../generate/prompt.js";
import type { PictureInput } from "../pictures/index.js";
import type { Model, StepInput, StepOutput } from "../types.js";
import { runStep } from "./step.js";

/** What a picture looks like to the encoder. */
export interface PictureLook {
  /** [1 + M, C] after the last encoder layer, the class token first. */
  readonly features: Floats;
  /** Class token behind the last norm [C]. */
  readonly pooled: Floats;
  /** [M, C] of the text model. */
  readonly projected: Floats;
  readonly signals: Signals;
  readonly state: TokenState;
}

export class LanguageModel implements Model {
  readonly #engine: Engine;
  #isDisposed = false;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get name(): string {
    return this.#engine.name;
  }

  get shape(): ModelShape {
    return this.#engine.shape;
  }

  get tokenizer(): Engine["tokenizer"] {
    return this.#engine.tokenizer;
  }

  get backend(): Engine["backend"] {
    return this.#engine.backend;
  }

  /** Positions the model was trained for. */
  get maxPositions(): number {
    return this.#engine.decoder.config.maxPositions;
  }

  get endTokenIds(): readonly number[] {
    return this.#engine.endTokenIds;
  }

  /** The placeholder that stands for an image token in prompts; undefined for a text model. */
  get imageTokenId(): number | undefined {
    return this.#engine.imageTokenId;
  }

  /** What the encoder receives of a picture [3, E, E]. */
  async pixelValues(picture: PictureInput): Promise<Float32Array> {
    const { preprocess } = this.#engine;
    if (!preprocess) throw new CapabilityError(this.name, ["pictures: this is a text model"]);
    return preprocess(picture);
  }

  /** An empty cache of this model's layout. */
  newCache(options: { readonly format?: KvFormat } = {}): Cache {
    this.#check();
    return this.#engine.newCache(options.format);
  }

  /** One pass over rows of caches; steps that run at the same time don't see one another. */
  async step(input: StepInput): Promise<StepOutput> {
    this.#check();
    return runStep(this.#engine, input);
  }

  /** Embeddings [S, C] of tokens: what `step` takes as `embeddings`. */
  async embed(tokens: Uint32Array): Promise<Floats> {
    this.#check();
    const { decoder, backend } = this.#engine;
    const { width } = decoder.config;
    decoder.reserve(tokens.length);
    decoder.embed(tokens);
    const data = await backend.read(decoder.hidden, 0, tokens.length * width);
    return floats([tokens.length, width], data as Float32Array);
  }

  /** Hidden states of the last step [rows, C] behind the final norm: ask before any other call. */
  async normed(rows: number): Promise<Floats> {
    this.#check();
    const { decoder, backend } = this.#engine;
    const { width } = decoder.config;
    const data = await backend.read(decoder.normed(0, rows), 0, rows * width);
    return floats([rows, width], data as Float32Array);
  }

  /** Pieces of the answer as they are written; the last one carries the report. */
  generate(prompt: Prompt, options: GenerateOptions = {}): AsyncGenerator<Piece, void, void> {
    this.#check();
    return generate(this.#engine, prompt, options);
  }

  /** Feeds a prompt once; what comes back can be continued many times, under different policies. */
  async prefill(prompt: Prompt, options: PrefixOptions = {}): Promise<Prefix> {
    this.#check();
    return prefillPrefix(this.#engine, prompt, options);
  }

  /** A text that several questions share, compressed once. Methods that look at the question are refused. */
  async compressContext(
    text: string,
    options: PrefixOptions & { readonly cache: CachePolicy },
  ): Promise<Prefix> {
    this.#check();
    if (options.cache.scorer.dependsOn === "question" || options.images?.dependsOn === "question") {
      throw new ArgumentError(
        "compressContext",
        "cache",
        "a method that does not depend on the question",
        options.cache.scorer.name,
      );
    }
    const prefix = await prefillPrefix(this.#engine, text, {
      ...options,
      policies: [options.cache],
    });
    await prefix.compress(options.cache, options.seed ?? 0);
    return prefix;
  }

  /** A conversation that keeps its cache from turn to turn. */
  chat(options: GenerateOptions = {}): Chat {
    this.#check();
    return new Chat(this.#engine, options);
  }

  /** The vision encoder alone, with taps on it and, if wanted, a token method inside it. */
  async look(
    picture: PictureInput,
    options: { readonly needs?: Needs; readonly method?: TokenMethod; readonly seed?: number } = {},
  ): Promise<PictureLook> {
    this.#check();
    const { vision, preprocess } = this.#engine;
    if (!vision || !preprocess) {
      throw new CapabilityError(this.name, ["pictures: this is a text model"]);
    }
    const random = createRandom(options.seed ?? 0);
    return vision.look(await preprocess(picture), options.needs, options.method, random);
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#engine.decoder.dispose();
    this.#engine.vision?.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(): void {
    if (this.#isDisposed) throw new StateError(this.name, "the model is disposed", "Load it again");
  }
}
