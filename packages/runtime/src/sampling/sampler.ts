/**
 * The law that the next token is drawn from: logits through the processors a caller asked for, then softmax.
 *
 * Shapes   logits [V] f32  ->  probabilities [V] f32, sum 1
 * Order    as in transformers: repetition penalty, temperature, top-k, top-p, min-p; sums in f64
 * Cost     O(V); one array a law unless `out` is given
 * State    scratch of V words, sized once; laws depend on logits, path and options alone, so plain sampling and verifiers
 *          draw from the same one
 * Differs  a NaN logit counts as -Infinity; at temperature 0 all mass is on the best token (the lowest id among equals)
 * Errors   ArgumentError for options out of range, for logits without a finite maximum, a `path` outside the vocabulary;
 *          ShapeError for `out` of another length
 */
import { argmax } from "@frugal/tensor";
import { ArgumentError, ShapeError } from "@frugal/tensor/errors";
import { maximum, softmaxInto } from "./law.js";
import { minP } from "./min-p.js";
import type { LogitProcessor, TokenPath } from "./processor.js";
import { repetitionPenalty } from "./repetition-penalty.js";
import { temperature } from "./temperature.js";
import { topK } from "./top-k.js";
import { topP } from "./top-p.js";

export interface SamplingOptions {
  /** 0: always the best token. Default 0. */
  readonly temperature?: number;
  /** Tokens that stay, best first; 0: all. Default 0. */
  readonly topK?: number;
  /** Mass of the best tokens that stay, 0..1. Default 1: all. */
  readonly topP?: number;
  /** Least probability as a share of the best token's, 0..1. Default 0. */
  readonly minP?: number;
  /** Above 1: tokens of the prompt and the answer become less likely. Default 1. */
  readonly repetitionPenalty?: number;
  /** Of everything that is drawn; the same seed gives the same text. Default 0. */
  readonly seed?: number;
}

export interface Sampler {
  /** All mass is on one token, whatever is drawn. */
  readonly isGreedy: boolean;
  readonly processors: readonly LogitProcessor[];
  /** @param out [V], written and returned; default: a new array */
  law(logits: Float32Array, path: TokenPath, out?: Float32Array): Float32Array;
}

/** Below it logits overflow float32; nobody can tell 1e-4 from 0 by its draws. */
const LEAST_TEMPERATURE = 1e-4;
const MOST_TEMPERATURE = 1e4;
const MOST_PENALTY = 1e4;

export function samplerOf(options: SamplingOptions): Sampler {
  const checked = checkedOptions(options);
  const isGreedy = checked.temperature === 0;
  const processors = processorsOf(checked);
  let work = new Float32Array(0);
  return {
    isGreedy,
    processors,
    law(logits, path, out = new Float32Array(logits.length)) {
      if (out.length !== logits.length) throw new ShapeError("law", [logits.length], [out.length]);
      if (work.length !== logits.length) work = new Float32Array(logits.length);
      for (let i = 0; i < logits.length; i++) {
        const logit = logits[i] as number;
        work[i] = Number.isNaN(logit) ? -Infinity : logit;
      }
      const best = maximum(work);
      if (!Number.isFinite(best)) {
        throw new ArgumentError("law", "the best logit", "a finite number", best);
      }
      for (const processor of processors) processor.apply(work, path);
      if (isGreedy) out.fill(0)[argmax(work)] = 1;
      else softmaxInto(work, out);
      return out;
    },
  };
}

type Checked = Required<Omit<SamplingOptions, "seed">>;

/** What follows the temperature changes nothing about which token is the best. */
function processorsOf(options: Checked): readonly LogitProcessor[] {
  const processors: LogitProcessor[] = [];
  if (options.repetitionPenalty !== 1)
    processors.push(repetitionPenalty(options.repetitionPenalty));
  if (options.temperature === 0) return processors;
  if (options.temperature !== 1) processors.push(temperature(options.temperature));
  if (options.topK > 0) processors.push(topK(options.topK));
  if (options.topP < 1) processors.push(topP(options.topP));
  if (options.minP > 0) processors.push(minP(options.minP));
  return processors;
}

function checkedOptions(options: SamplingOptions): Checked {
  const { temperature = 0, topK = 0, topP = 1, minP = 0 } = options;
  const { repetitionPenalty = 1, seed = 0 } = options;
  const check = (name: string, isRight: boolean, expected: string, value: unknown): void => {
    if (!isRight) throw new ArgumentError("samplerOf", name, expected, value);
  };
  const lies = (value: unknown, least: number, most: number): boolean =>
    typeof value === "number" && value >= least && value <= most;
  check(
    "temperature",
    temperature === 0 || lies(temperature, LEAST_TEMPERATURE, MOST_TEMPERATURE),
    `0 or in ${LEAST_TEMPERATURE}..${MOST_TEMPERATURE}`,
    temperature,
  );
  check("topK", Number.isSafeInteger(topK) && topK >= 0, "a non-negative integer", topK);
  check("topP", lies(topP, 0, 1), "in 0..1", topP);
  check("minP", lies(minP, 0, 1), "in 0..1", minP);
  check(
    "repetitionPenalty",
    lies(repetitionPenalty, 1 / MOST_PENALTY, MOST_PENALTY),
    `in ${1 / MOST_PENALTY}..${MOST_PENALTY}`,
    repetitionPenalty,
  );
  check("seed", Number.isSafeInteger(seed), "a safe integer", seed);
  return { temperature, topK, topP, minP, repetitionPenalty };
}
