/**
 * Trains a byte-pair vocabulary in two stages: tokens within words, then tokens of several words.
 *
 * Paper    SuperBPE, arXiv:2503.13423
 * Shapes   texts, read twice  ->  as trainBpe, with the pre-tokenizer to encode with
 * Cost     twice that of trainBpe; the pieces of stage 2 are long and mostly different, so memory grows with the corpus: about
 *          60 bytes a token of stage 1
 * Differs  nothing in stage 1. In stage 2 pairs go by count, then by the smaller ids, as in stage 1; a token has at most
 *          `maxWords` words, as in the authors' published vocabularies; their rule against colons is left out
 * Errors   ArgumentError: a transition above the size, a corpus that can be read once only, those of wordCounts and trainBpe
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { PairTable } from "../models/pair-table.js";
import { Symbols } from "../models/symbols.js";
import { byteAlphabet } from "./alphabet.js";
import { checkedBpeOptions, type TrainedBpe } from "./bpe.js";
import { bpeStart } from "./bpe-start.js";
import { learnMerges } from "./merges.js";
import * as options from "./options.js";
import { type JobOptions, Pace } from "./pace.js";
import { TokenChain } from "./token-chain.js";
import type { Merge } from "./tokenizer-file.js";
import type { Vocabulary } from "./vocabulary.js";
import { type Corpus, type WordCounts, wordCounts } from "./word-counts.js";

/** That of o200k without contractions. */
export const SUPER_BPE_WORDS =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|" +
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|" +
  "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** Only numbers, long punctuation and spaces before the end stand apart. */
export const SUPER_BPE_LINES = "\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]{2,}[\\r\\n/]*| +(?!\\S)";

export interface TrainSuperBpeOptions extends JobOptions {
  /** Tokens in all. Default: 30000. */
  readonly vocabularySize?: number | undefined;
  /** Tokens of stage 1, the first ones; the authors take 40 to 90 % of all. Default: 80 %. */
  readonly transition?: number | undefined;
  /** Pairs that occur less often are not merged. Default: 0. */
  readonly minFrequency?: number | undefined;
  /** Words of a token at most. Default: 4. */
  readonly maxWords?: number | undefined;
  /** The first tokens. Default: none. */
  readonly specialTokens?: readonly string[] | undefined;
  /** The JSON of a normalizer. Default: none. */
  readonly normalizer?: object | null | undefined;
  /** What stands apart in stage 1, in the syntax of tokenizer.json. Default: words. */
  readonly stage1Pattern?: string | undefined;
  /** What stands apart in stage 2, and when encoding. Default: numbers, long punctuation, spaces before the end. */
  readonly stage2Pattern?: string | undefined;
}

export interface TrainedSuperBpe extends TrainedBpe {
  /** For `tokenizerFile`. */
  readonly preTokenizer: object;
  /** Merges of stage 1, the first ones. */
  readonly transitionMerges: number;
}

const WHERE = "trainSuperBpe";
/** What whitespace is in the byte alphabet: tab, line feed, carriage return, space. */
const SPACES = /[ĉĊčĠ]+/;

/** `corpus`: a list of texts, or a function that gives them anew for each stage. */
export async function trainSuperBpe(
  corpus: readonly string[] | (() => Corpus),
  given: TrainSuperBpeOptions = {},
): Promise<TrainedSuperBpe> {
  const { mergeOptions, startOptions } = checkedBpeOptions(WHERE, given);
  const size = mergeOptions.vocabularySize;
  const transition = options.whole(WHERE, "transition", given.transition, Math.floor(size * 0.8));
  if (transition < 1 || transition > size)
    throw new ArgumentError(WHERE, "transition", `in 1..${size}, the size`, transition);
  const maxWords = options.whole(WHERE, "maxWords", given.maxWords, 4);
  if (typeof corpus !== "function" && !Array.isArray(corpus))
    throw new ArgumentError(WHERE, "corpus", "a list, or a function that gives one", corpus);
  const counted = (preTokenizer: object): Promise<WordCounts> =>
    wordCounts(typeof corpus === "function" ? corpus() : corpus, { ...given, preTokenizer });

  const pace = new Pace(given);
  const words = splitting(given.stage1Pattern ?? SUPER_BPE_WORDS);
  const start = { ...startOptions, initialAlphabet: byteAlphabet() };
  const { vocabulary, chain } = await bpeStart(await counted(words), start, pace);
  const first = { ...mergeOptions, vocabularySize: transition };
  const merges = await learnMerges({ vocabulary, chain }, first, pace);
  const trained = {
    type: "BPE",
    vocabulary: vocabulary.tokens,
    continuingSubwordPrefix: null,
    endOfWordSuffix: null,
    transitionMerges: merges.length,
  } as const;
  if (transition === size) return { ...trained, merges, preTokenizer: words };

  const lines = splitting(given.stage2Pattern ?? SUPER_BPE_LINES);
  const merged = await mergedChain(await counted(lines), vocabulary, merges, pace);
  const allows = wordLimit(vocabulary.tokens, maxWords);
  const second = { ...mergeOptions, allows };
  const further = await learnMerges({ vocabulary, chain: merged }, second, pace);
  return { ...trained, merges: [...merges, ...further], preTokenizer: lines };
}

const splitting = (pattern: string): object => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
});

/** The words as chains of the tokens that the merges make of them. */
async function mergedChain(
  words: WordCounts,
  vocabulary: Vocabulary,
  merges: readonly Merge[],
  pace: Pace,
): Promise<TokenChain> {
  const pairs = new PairTable(merges.length);
  merges.forEach(([left, right], rank) => {
    const [a, b, product] = [left, right, left + right].map((token) => vocabulary.idOf(token)!);
    pairs.set(a!, b!, rank, product!);
  });
  const symbols = new Symbols();
  const merged = (word: string): number => {
    symbols.clear();
    for (const character of word) symbols.add(vocabulary.idOf(character)!, 0, 0);
    symbols.merge(pairs);
    return symbols.length === 0 ? -1 : 0;
  };
  let units = 0;
  for (const word of words.keys()) units += word.length;
  const chain = new TokenChain(units, words.size);
  for (const [word, count] of words) {
    chain.addWord(count);
    for (let at = merged(word); at !== -1; at = symbols.next[at]!) chain.addToken(symbols.id[at]!);
    if (pace.spend(word.length * STEPS_A_UNIT))
      await pace.rest("merging words", chain.wordCount, words.size);
  }
  return chain;
}

const STEPS_A_UNIT = 32;

/** Refuses tokens of too many words; those of each token are counted once. */
function wordLimit(tokens: readonly string[], limit: number) {
  const counts: number[] = [];
  const wordsOf = (id: number): number => {
    counts[id] ??= countWords(tokens[id]!);
    return counts[id];
  };
  return (left: number, right: number): boolean =>
    wordsOf(left) + wordsOf(right) <= limit || countWords(tokens[left]! + tokens[right]!) <= limit;
}

const countWords = (token: string): number => token.split(SPACES).filter(Boolean).length;
