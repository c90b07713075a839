/**
 * What byte-pair training begins with: the first tokens, and the words as chains of them.
 *
 * Shapes   ids: special tokens in order, then the alphabet by code point, then characters with the prefix or the suffix
 * Cost     O(symbols of all different words)
 * Differs  Hugging Face numbers characters with a prefix or a suffix in the order of a hash table, which changes from run to
 *          run, and breaks ties by these numbers; here they go by code point
 */

import { byCodePoint } from "../text/code-points.js";
import { alphabetOf } from "./alphabet.js";
import type { Pace } from "./pace.js";
import { TokenChain } from "./token-chain.js";
import { Vocabulary } from "./vocabulary.js";
import type { WordCounts } from "./word-counts.js";

export interface BpeStartOptions {
  readonly specialTokens: readonly string[];
  readonly alphabetLimit: number;
  readonly initialAlphabet: Iterable<string>;
  readonly prefix: string;
  readonly suffix: string;
}

export interface BpeStart {
  readonly vocabulary: Vocabulary;
  readonly chain: TokenChain;
}

export async function bpeStart(
  words: WordCounts,
  options: BpeStartOptions,
  pace: Pace,
): Promise<BpeStart> {
  const vocabulary = new Vocabulary();
  for (const token of options.specialTokens) vocabulary.add(token);
  const alphabet = alphabetOf([words], options.alphabetLimit, options.initialAlphabet);
  for (const character of alphabet) vocabulary.add(character);
  const symbols = symbolsOf(options, vocabulary);
  const affixed = new Set<string>();
  for (const word of words.keys())
    for (const symbol of symbols(word))
      if (vocabulary.idOf(symbol) === undefined) affixed.add(symbol);
  for (const symbol of [...affixed].sort(byCodePoint)) vocabulary.add(symbol);
  return { vocabulary, chain: await chainOf(words, symbols, vocabulary, pace) };
}

const STEPS_A_SYMBOL = 8;

/** The tokens that a word begins as, each in the vocabulary. */
type Symbols = (word: string) => Iterable<string>;

/** The words as chains of the tokens that they begin as. */
export async function chainOf(
  words: WordCounts,
  symbols: Symbols,
  vocabulary: Vocabulary,
  pace: Pace,
): Promise<TokenChain> {
  let units = 0;
  for (const word of words.keys()) units += word.length;
  const chain = new TokenChain(units, words.size);
  for (const [word, count] of words) {
    chain.addWord(count);
    for (const symbol of symbols(word)) chain.addToken(vocabulary.idOf(symbol)!);
    if (pace.spend(word.length * STEPS_A_SYMBOL))
      await pace.rest("reading words", chain.wordCount, words.size);
  }
  return chain;
}

/** Characters that are not in the vocabulary are left out, as in the reference. */
function symbolsOf({ prefix, suffix }: BpeStartOptions, vocabulary: Vocabulary): Symbols {
  return function* symbols(word) {
    let at = 0;
    for (const character of word) {
      const start = at === 0 ? "" : prefix;
      at += character.length;
      const end = at === word.length ? suffix : "";
      if (vocabulary.idOf(character) !== undefined) yield start + character + end;
    }
  };
}
