/**
 * Trains a byte-pair vocabulary from word counts.
 *
 * Paper    Sennrich et al., arXiv:1508.07909; the trainer of Hugging Face tokenizers
 * Shapes   words, in the alphabet of the pre-tokenizer, with their counts  ->  tokens by id, merges first one first. Ids:
 *          special tokens, the alphabet by code point, merged tokens in order
 * Cost     O(symbols log pairs), where symbols counts those of different words; about 90 bytes a symbol
 * Differs  counts do not wrap at 2^31; what the reference leaves to a hash table is settled: characters with a prefix or a
 *          suffix are numbered by code point, and so are those that tie at `limitAlphabet`. Kept from it: pairs that are
 *          equally frequent go by the smaller ids; characters outside the alphabet are left out; the vocabulary holds all
 *          special tokens and the whole alphabet, also where that is more than `vocabularySize`
 * Errors   ArgumentError: an option out of range, no word, a count that is no whole number; the signal's reason
 */
import { bpeStart } from "./bpe-start.js";
import { learnMerges } from "./merges.js";
import * as options from "./options.js";
import { type JobOptions, Pace } from "./pace.js";
import type { BpeFileModel } from "./tokenizer-file.js";
import type { WordCounts } from "./word-counts.js";

export interface TrainBpeOptions extends JobOptions {
  /** Tokens in all. Default: 30000. */
  readonly vocabularySize?: number | undefined;
  /** Pairs that occur less often are not merged. Default: 0. */
  readonly minFrequency?: number | undefined;
  /** Characters at most; the most frequent stay. Default: all. */
  readonly limitAlphabet?: number | null | undefined;
  /** Characters that belong to the alphabet in any case: `byteAlphabet()` for byte-level training. Default: none. */
  readonly initialAlphabet?: Iterable<string> | undefined;
  /** The first tokens; nothing is merged into or out of them. Default: none. */
  readonly specialTokens?: readonly string[] | undefined;
  /** Put before each character but the first of a word. Default: none. */
  readonly continuingSubwordPrefix?: string | null | undefined;
  /** Put behind the last character of a word. Default: none. */
  readonly endOfWordSuffix?: string | null | undefined;
  /** A token of more than two symbols has fewer symbols than this: n allows n - 1. Default: no limit. */
  readonly maxTokenLength?: number | null | undefined;
}

/** What `tokenizerFile` takes as its model. */
export interface TrainedBpe extends BpeFileModel {
  readonly continuingSubwordPrefix: string | null;
  readonly endOfWordSuffix: string | null;
}

export function trainBpe(words: WordCounts, given: TrainBpeOptions = {}): Promise<TrainedBpe> {
  return trainBpeAs("trainBpe", words, given);
}

/** `where`: the function that errors name. */
export async function trainBpeAs(
  where: string,
  words: WordCounts,
  given: TrainBpeOptions,
): Promise<TrainedBpe> {
  const { mergeOptions, startOptions } = checkedBpeOptions(where, given);
  options.checkWords(where, words);
  const pace = new Pace(given);
  const start = await bpeStart(words, startOptions, pace);
  const merges = await learnMerges(start, mergeOptions, pace);
  return {
    type: "BPE",
    vocabulary: start.vocabulary.tokens,
    merges,
    continuingSubwordPrefix: startOptions.prefix || null,
    endOfWordSuffix: startOptions.suffix || null,
  };
}

export function checkedBpeOptions(where: string, given: TrainBpeOptions) {
  const prefix = options.text(where, "continuingSubwordPrefix", given.continuingSubwordPrefix);
  return {
    mergeOptions: {
      vocabularySize: options.vocabularySize(where, given.vocabularySize),
      minFrequency: options.whole(where, "minFrequency", given.minFrequency, 0),
      lengthLimit: options.whole(where, "maxTokenLength", given.maxTokenLength, Infinity),
      prefix,
      ties: "ids" as const,
    },
    startOptions: {
      specialTokens: options.specialTokens(where, given.specialTokens),
      alphabetLimit: options.whole(where, "limitAlphabet", given.limitAlphabet, Infinity),
      initialAlphabet: given.initialAlphabet ?? [],
      prefix,
      suffix: options.text(where, "endOfWordSuffix", given.endOfWordSuffix),
    },
  };
}
