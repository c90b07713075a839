/**
 * Measures one tokenizer or several on a corpus, in one pass over it.
 *
 * Paper    those of `tokenizerMeter`; NSL, arXiv:2402.01035
 * Shapes   a text, texts, or a stream of either; T tokenizers  ->  T records
 * Cost     one encoding of the corpus a tokenizer; no tokens and no texts are kept
 * Errors   ArgumentError: no tokenizer, a name twice, a reference that is none of them, those of `tokenizerMeter`; the
 *          signal's reason once it is aborted
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { type JobOptions, Pace } from "../train/pace.js";
import type { Tokenizer } from "../types.js";
import {
  type MeterOptions,
  type TokenizerMeter,
  type TokenizerMetrics,
  tokenizerMeter,
} from "./tokenizer-meter.js";
import { ratio } from "./word-costs.js";

/** One text, or texts one by one. */
export type Corpus = string | Iterable<string> | AsyncIterable<string>;

export interface MetricsOptions extends MeterOptions, JobOptions {
  /** The strings of the corpus are parts of one text, cut anywhere. Default: false; of one string always. */
  readonly parts?: boolean;
}

export interface CompareOptions extends MetricsOptions {
  /** The tokenizer that lengths are measured against. Default: the first. */
  readonly reference?: string;
}

export interface NamedTokenizer {
  readonly name: string;
  readonly tokenizer: Tokenizer;
}

export interface TokenizerComparison {
  readonly name: string;
  readonly metrics: TokenizerMetrics;
  /** Tokens over the reference's: NSL. */
  readonly normalizedLength: number;
}

export async function tokenizerMetrics(
  corpus: Corpus,
  tokenizer: Tokenizer,
  options: MetricsOptions = {},
): Promise<TokenizerMetrics> {
  const meter = tokenizerMeter(tokenizer, options);
  await readInto([meter], corpus, options);
  return meter.result();
}

export async function compareTokenizers(
  corpus: Corpus,
  tokenizers: readonly NamedTokenizer[],
  options: CompareOptions = {},
): Promise<TokenizerComparison[]> {
  const where = "compareTokenizers";
  const names = tokenizers.map(({ name }) => name);
  if (names.length === 0) throw new ArgumentError(where, "tokenizers", "at least one", names);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new ArgumentError(where, "a name", "given once", twice);
  const { reference = names[0]! } = options;
  const base = names.indexOf(reference);
  if (base < 0) {
    throw new ArgumentError(where, "reference", `one of ${names.join(", ")}`, reference);
  }
  const meters = tokenizers.map(({ tokenizer }) => tokenizerMeter(tokenizer, options));
  await readInto(meters, corpus, options);
  const results = meters.map((meter) => meter.result());
  return results.map((metrics, i) => ({
    name: names[i]!,
    metrics,
    normalizedLength: ratio(metrics.tokens, results[base]!.tokens),
  }));
}

/** Units of a long text between two turns of the host. */
const PART_LENGTH = 1 << 16;
/** Steps of ten nanoseconds that a unit takes, about. */
const STEPS_A_UNIT = 10;

async function readInto(
  meters: readonly TokenizerMeter[],
  corpus: Corpus,
  options: MetricsOptions,
): Promise<void> {
  const pace = new Pace(options);
  const isWhole = typeof corpus === "string";
  let units = 0;
  for await (const text of isWhole ? partsOf(corpus) : corpus) {
    for (const meter of meters) {
      if (isWhole || options.parts) meter.push(text);
      else meter.add(text);
    }
    units += text.length;
    if (pace.spend(text.length * STEPS_A_UNIT * meters.length)) {
      if (isWhole) await pace.rest("units", units, corpus.length);
      else await pace.rest("units", units);
    }
  }
  if (isWhole || options.parts) for (const meter of meters) meter.end();
  pace.report("units", units, units);
}

function* partsOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PART_LENGTH) yield text.slice(at, at + PART_LENGTH);
}
