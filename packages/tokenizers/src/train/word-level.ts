/**
 * Makes a vocabulary of the most frequent words.
 *
 * Paper    none (the trainer of Hugging Face tokenizers)
 * Shapes   words with their counts  ->  tokens by id: special tokens, then words, most frequent first
 * Cost     O(words log words)
 * Differs  as in the reference, words that are equally frequent go by code point, and a word that is a special token counts
 *          twice towards the size and stands where the word stands; ids have no gap then
 * Errors   ArgumentError: an option out of range, no word, a count that is no whole number
 */
import { byCodePoint } from "../text/code-points.js";
import * as options from "./options.js";
import type { WordLevelFileModel } from "./tokenizer-file.js";
import type { WordCounts } from "./word-counts.js";

export interface TrainWordLevelOptions {
  /** Tokens in all. Default: 30000. */
  readonly vocabularySize?: number | undefined;
  /** Words that occur less often are left out. Default: 0. */
  readonly minFrequency?: number | undefined;
  /** The first tokens. Default: none; name the unknown token here. */
  readonly specialTokens?: readonly string[] | undefined;
}

const WHERE = "trainWordLevel";

export function trainWordLevel(
  words: WordCounts,
  given: TrainWordLevelOptions = {},
): WordLevelFileModel {
  const size = options.vocabularySize(WHERE, given.vocabularySize);
  const least = options.whole(WHERE, "minFrequency", given.minFrequency, 0);
  const special = options.specialTokens(WHERE, given.specialTokens);
  options.checkWords(WHERE, words);
  const frequent = [...words]
    .filter(([, count]) => count >= least)
    .sort((a, b) => b[1] - a[1] || byCodePoint(a[0], b[0]))
    .map(([word]) => word);
  const tokens = new Set<string>();
  for (const token of [...special, ...frequent].slice(0, size)) {
    tokens.delete(token);
    tokens.add(token);
  }
  return { type: "WordLevel", vocabulary: [...tokens] };
}
