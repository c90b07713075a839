/**
 * Measures what words cost: fertility, the share of words that are split, and the share that is one token.
 *
 * Paper    Ács 2019 and Rust et al., arXiv:2012.15613 (fertility, continued words); STRR, arXiv:2510.09947
 * Shapes   words in any number, repeated as in the text
 * Units    fertility: tokens a word; rates: shares 0..1 (the paper gives STRR in percent)
 * Cost     a word is encoded once, alone and with a space in front; O(distinct words) memory
 * Differs  both ways of writing a word are always given: most vocabularies have words with their space
 * Errors   ArgumentError: a word that is empty or no string
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Tokenizer } from "../types.js";

export interface WordCosts {
  /** Tokens a word, each counted as often as it occurs. */
  readonly fertility: number;
  /** Share of the occurrences that take two tokens or more. */
  readonly continuedRate: number;
  /** Share of the distinct words that are one token: STRR. */
  readonly singleTokenRetention: number;
}

export interface WordMeasures {
  readonly words: number;
  readonly distinctWords: number;
  /** Words without anything in front. */
  readonly plain: WordCosts;
  /** Words with a space in front, as they stand inside a text. */
  readonly spaced: WordCosts;
}

export interface WordMeter {
  add(word: string): void;
  result(): WordMeasures;
}

export function wordCosts(
  words: Iterable<string>,
  tokenizer: Pick<Tokenizer, "count">,
): WordMeasures {
  const meter = wordMeter(tokenizer);
  for (const word of words) meter.add(word);
  return meter.result();
}

/** No file may cut or fill up what is measured, or put something around it. */
export const BARE = { addSpecialTokens: false, truncation: null, padding: null } as const;

/** Takes words one by one. */
export function wordMeter(tokenizer: Pick<Tokenizer, "count">): WordMeter {
  const known = new Map<string, number>();
  const plain = new Tally();
  const spaced = new Tally();
  let words = 0;

  function countsOf(word: string): number {
    const alone = tokenizer.count(word, BARE);
    const behind = tokenizer.count(` ${word}`, BARE);
    plain.distinct(alone);
    spaced.distinct(behind);
    const both = alone * PACK + behind;
    known.set(word, both);
    return both;
  }

  return {
    add(word) {
      if (typeof word !== "string" || word === "") {
        throw new ArgumentError("wordCosts", "a word", "a string that is not empty", word);
      }
      const both = known.get(word) ?? countsOf(word);
      plain.occurs(Math.floor(both / PACK));
      spaced.occurs(both % PACK);
      words++;
    },
    result: () => ({
      words,
      distinctWords: known.size,
      plain: plain.costs(words, known.size),
      spaced: spaced.costs(words, known.size),
    }),
  };
}

/** Two counts in one number that is still exact: no word has more tokens than this. */
const PACK = 2 ** 26;

class Tally {
  #tokens = 0;
  #continued = 0;
  #single = 0;

  distinct(count: number): void {
    if (count === 1) this.#single++;
  }

  occurs(count: number): void {
    this.#tokens += count;
    if (count > 1) this.#continued++;
  }

  costs(words: number, distinct: number): WordCosts {
    return {
      fertility: ratio(this.#tokens, words),
      continuedRate: ratio(this.#continued, words),
      singleTokenRetention: ratio(this.#single, distinct),
    };
  }
}

/** 0 where there is nothing to divide by. */
export const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
