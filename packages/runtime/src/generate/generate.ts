/**
 * From a prompt to pieces of text: prefill, decode, stop.
 *
 * Errors   see prompt, prefill and decode; whatever happens, cache and history are freed
 */
import { createRandom } from "@frugal/tensor";
import { samplerOf } from "../sampling/index.js";
import { StopMatcher } from "../sampling/stop-strings.js";
import { type DecodeCounts, decode } from "./decode.js";
import type { Engine } from "./engine.js";
import { checkOptions, type GenerateOptions, type GenerateReport, type Piece } from "./options.js";
import { prefill } from "./prefill.js";
import { factsOf, type PrefixFacts } from "./prefix.js";
import { type Prompt, preparePrompt } from "./prompt.js";
import { Sequence } from "./sequence.js";

/** What a continuation may set: the prompt has been fed. */
export type ContinueOptions = Omit<
  GenerateOptions,
  "images" | "cacheFormat" | "chunkTokens" | "onProgress"
>;

export async function* generate(
  engine: Engine,
  prompt: Prompt,
  options: GenerateOptions,
): AsyncGenerator<Piece, void, void> {
  checkOptions(options);
  options.signal?.throwIfAborted();
  const random = createRandom(options.seed ?? 0);
  const sequence = new Sequence(engine, engine.newCache(options.cacheFormat));
  try {
    if (options.cache) sequence.shrinkBy(options.cache, random.fork("cache"));
    const method = options.images;
    const prepared = await preparePrompt(engine, prompt, { method, random: random.fork("images") });
    const started = performance.now();
    const logits = await prefill(sequence, prepared, options);
    const facts = factsOf(prepared, performance.now() - started);
    yield* written(sequence, prepared.ids, logits, facts, options);
  } finally {
    sequence.dispose();
  }
}

/** What a prefix holds: its ids, the logits behind them, what it cost. */
export interface PrefixState {
  readonly ids: Uint32Array;
  readonly logits: Float32Array;
  readonly facts: PrefixFacts;
}

/** Goes on from a prefix on a fork; `question` is fed behind it first. */
export async function* continueSequence(
  fork: () => Sequence,
  { ids, logits, facts }: PrefixState,
  options: ContinueOptions,
  question?: Uint32Array,
): AsyncGenerator<Piece, void, void> {
  checkOptions(options);
  options.signal?.throwIfAborted();
  const sequence = fork();
  try {
    const { cache, seed = 0 } = options;
    if (cache) sequence.shrinkBy(cache, createRandom(seed).fork("cache"));
    if (!question) {
      yield* written(sequence, ids, logits, facts, options);
      return;
    }
    const started = performance.now();
    const prompt = { ids: question, positions: undefined, images: [], fullLength: question.length };
    const behind = await prefill(sequence, prompt, options);
    const fed = {
      promptTokens: facts.promptTokens + question.length,
      fullPromptTokens: facts.fullPromptTokens + question.length,
      encodeMs: 0,
      prefillMs: performance.now() - started,
    };
    yield* written(sequence, Uint32Array.of(...ids, ...question), behind, fed, options);
  } finally {
    sequence.dispose();
  }
}

/** Decodes, turns tokens into text, matches stop strings; the last piece carries the report. */
export async function* written(
  sequence: Sequence,
  promptIds: Uint32Array,
  logits: Float32Array,
  facts: PrefixFacts,
  options: ContinueOptions,
): AsyncGenerator<Piece, void, void> {
  const { engine } = sequence;
  const { maxTokens } = checkOptions(options);
  const counts: DecodeCounts = { steps: 0, drafted: 0, accepted: 0 };
  const ends = options.ignoreEndToken ? [] : engine.endTokenIds;
  const text = engine.tokenizer.decoder({ skipSpecialTokens: true });
  const stops = new StopMatcher(options.stop ?? []);
  const started = performance.now();
  let newTokens = 0;
  let finish: NonNullable<Piece["finish"]> = "length";
  const steps = decode(
    {
      sequence,
      promptIds,
      logits,
      sampler: samplerOf(options),
      random: createRandom(options.seed ?? 0).fork("text"),
      maxTokens,
      endTokenIds: ends,
      draft: options.draft,
      signal: options.signal,
    },
    counts,
  );
  for await (const tokenIds of steps) {
    newTokens += tokenIds.length;
    const isEnd = ends.includes(tokenIds.at(-1) as number);
    const { emit, stopped } = stops.push(tokenIds.map((id) => text.push(id)).join(""));
    if (emit !== "" || tokenIds.length > 0) yield { text: emit, tokenIds };
    if (stopped || isEnd) {
      finish = stopped ? "stop" : "end";
      break;
    }
  }
  const rest = finish === "stop" ? "" : stops.push(text.end()).emit + stops.end();
  const report: GenerateReport = {
    ...facts,
    newTokens,
    ...counts,
    isExact: options.draft?.verifier.exact ?? true,
    compressions: sequence.records,
    cacheBytes: sequence.cache.byteLength(),
    decodeMs: performance.now() - started,
    path: engine.backend.report().path,
  };
  yield { text: rest, tokenIds: [], finish, report };
}
