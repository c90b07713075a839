/**
 * A loaded model: steps with taps, generation, chat, shared contexts.
 *
 * Shapes   logits [rows, V], hidden [S, C], f32 on the CPU
 * State    owns weights and scratch, not the back end; `dispose` frees
 * Errors   ArgumentError for rows, layers or hidden states that do not fit; StateError after `dispose`
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
  ShapeError,
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
import { depthsOf } from "../generate/target.js";
import type { PictureInput } from "../pictures/index.js";
import type { Model, StepInput, StepOutput, StepRows } from "../types.js";
import type { PassGroup } from "./decoder.js";
import { TapPlan, TapReader } from "./taps.js";

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

  async step(input: StepInput): Promise<StepOutput> {
    this.#check();
    const { decoder, backend } = this.#engine;
    const { layerCount, width, vocabularySize } = decoder.config;
    const fromLayer = input.fromLayer ?? 0;
    const toLayer = input.toLayer ?? layerCount;
    checkLayers(fromLayer, toLayer, layerCount);
    const counts = input.rows.map((rows, i) => rowCount(rows, input.hidden?.[i], width, fromLayer));
    const total = counts.reduce((a, b) => a + b, 0);
    const plan = new TapPlan(input.needs ?? {}, "decoder", layerCount);
    const readers = input.rows.map(() => (plan.isEmpty ? undefined : new TapReader(plan, backend)));
    decoder.reserve(total);
    let first = 0;
    input.rows.forEach((rows, i) => {
      this.#place(rows, input.hidden?.[i], fromLayer, first);
      if (fromLayer === 0) beginStep(rows, counts[i] as number);
      first += counts[i] as number;
    });
    const groups = input.rows.map((rows, i) => groupOf(rows, counts[i] as number, readers[i]));
    decoder.pass(groups, fromLayer, toLayer);
    const signals = await Promise.all(
      readers.map(async (reader) => (await reader?.signals()) ?? {}),
    );
    if (toLayer < layerCount) {
      const all = (await backend.read(decoder.hidden, 0, total * width)) as Float32Array;
      return { logits: [], hidden: split(all, counts, width), signals };
    }
    if (input.logits === "none") return { logits: [], signals };
    if (input.logits === "all") {
      const logits = decoder.logits(0, total);
      const all = (await backend.read(logits, 0, total * vocabularySize)) as Float32Array;
      return { logits: split(all, counts, vocabularySize), signals };
    }
    const logits: Floats[] = [];
    let end = 0;
    for (const count of counts) {
      end += count;
      const row = decoder.logits(end - 1, 1);
      const data = (await backend.read(row, 0, vocabularySize)) as Float32Array;
      logits.push(floats([1, vocabularySize], data));
    }
    return { logits, signals };
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

  /** Hidden states of the last step [rows, C] behind the final norm. */
  async normed(rows: number): Promise<Floats> {
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

  #place(rows: StepRows, hidden: Floats | undefined, fromLayer: number, first: number): void {
    const { decoder, backend } = this.#engine;
    const { width, vocabularySize } = decoder.config;
    const given = fromLayer > 0 ? hidden : rows.embeddings;
    if (given) {
      backend.write(decoder.hidden, given.data, first * width);
      return;
    }
    const tokens = rows.tokens as Uint32Array;
    for (const id of tokens) {
      if (id >= vocabularySize) {
        throw new ArgumentError("step", "tokens", `below the vocabulary's ${vocabularySize}`, id);
      }
    }
    decoder.embed(tokens, decoder.hidden, first);
  }
}

/** Stands in the cache's books for a row that was given as an embedding. */
const NO_TOKEN = 0xffff_ffff;

function beginStep(rows: StepRows, count: number): void {
  const tokens = rows.tokens ?? new Uint32Array(count).fill(NO_TOKEN);
  rows.cache.begin(rows.parents ? { tokens, parents: rows.parents } : { tokens });
}

function groupOf(rows: StepRows, count: number, taps: TapReader | undefined): PassGroup {
  const { cache, parents, positions, origins } = rows;
  return {
    cache,
    rows: count,
    ...(parents ? { parents, depths: depthsOf(parents) } : {}),
    ...(positions ? { positions } : {}),
    ...(origins ? { origins } : {}),
    ...(taps ? { taps } : {}),
  };
}

function checkLayers(from: number, to: number, layerCount: number): void {
  const isRight =
    Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= layerCount;
  if (!isRight) {
    throw new ArgumentError(
      "step",
      "fromLayer, toLayer",
      `integers with 0 <= from <= to <= ${layerCount}`,
      [from, to],
    );
  }
}

function rowCount(
  rows: StepRows,
  hidden: Floats | undefined,
  width: number,
  fromLayer: number,
): number {
  const given = fromLayer > 0 ? hidden : rows.embeddings;
  if (fromLayer > 0 && !hidden) {
    throw new ArgumentError(
      "step",
      "hidden",
      "given for every cache when fromLayer is above 0",
      undefined,
    );
  }
  const count = given ? (given.dims[0] as number) : (rows.tokens?.length ?? 0);
  if (count === 0) throw new ArgumentError("step", "rows", "at least one row a cache", 0);
  if (given && (given.dims.length !== 2 || given.dims[1] !== width)) {
    throw new ShapeError("step: rows", [count, width], given.dims);
  }
  for (const [name, list] of Object.entries({
    tokens: fromLayer === 0 ? rows.tokens : undefined,
    positions: rows.positions,
    parents: rows.parents,
    origins: rows.origins,
  })) {
    if (list && list.length !== count)
      throw new ShapeError(`step: ${name}`, [count], [list.length]);
  }
  return count;
}

function split(all: Float32Array, counts: readonly number[], width: number): Floats[] {
  let at = 0;
  return counts.map((count) => {
    const data = all.slice(at, at + count * width);
    at += count * width;
    return floats([count, width], data);
  });
}
