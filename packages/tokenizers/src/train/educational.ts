/**
 * Trains the ranks of a .tiktoken file.
 *
 * Paper    none (the teaching code of OpenAI's tiktoken)
 * Shapes   words in the byte alphabet with their counts, in the order in which they are seen first  ->  tokens by rank: the
 *          256 bytes, then merged tokens; `tiktokenFile` writes them
 * Cost     that of trainBpe; the original counts all pairs anew for each token
 * Differs  nothing: of pairs that are equally frequent the one goes first that stands first in the corpus as it is merged by
 *          then
 * Errors   ArgumentError: a size below 256 or above what the words allow (the original fails there too), words in another
 *          alphabet, a count that is no whole number; the signal's reason
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { byteCharacters } from "../text/byte-characters.js";
import { checkedBpeOptions, type TrainedBpe } from "./bpe.js";
import { bpeStart } from "./bpe-start.js";
import { learnMerges } from "./merges.js";
import { checkWords } from "./options.js";
import { type JobOptions, Pace } from "./pace.js";
import type { WordCounts } from "./word-counts.js";

export interface TrainEducationalOptions extends JobOptions {
  /** Tokens in all, the bytes included. Default: 30000. */
  readonly vocabularySize?: number | undefined;
}

const WHERE = "trainBpeEducational";

/** Count words with `wordCounts(corpus, { pattern })`. */
export async function trainBpeEducational(
  words: WordCounts,
  given: TrainEducationalOptions = {},
): Promise<TrainedBpe> {
  const bytes = Array.from(byteCharacters(), (code) => String.fromCharCode(code));
  const { startOptions, mergeOptions } = checkedBpeOptions(WHERE, given);
  const { vocabularySize } = mergeOptions;
  if (vocabularySize < bytes.length)
    throw new ArgumentError(WHERE, "vocabularySize", "at least 256", vocabularySize);
  checkWords(WHERE, words);
  const pace = new Pace(given);
  const start = await bpeStart(words, { ...startOptions, specialTokens: bytes }, pace);
  const { vocabulary } = start;
  if (vocabulary.size > bytes.length) {
    const remedy = "Count them by wordCounts with a pattern, or with a ByteLevel pre-tokenizer.";
    throw new ArgumentError(WHERE, "words", "in the byte alphabet", vocabulary.tokens[256], remedy);
  }
  const merges = await learnMerges(start, { ...mergeOptions, ties: "places" }, pace);
  if (vocabulary.size < vocabularySize)
    throw new ArgumentError(
      WHERE,
      "vocabularySize",
      `at most ${vocabulary.size}, as the words have no more pairs`,
      vocabularySize,
    );
  return {
    type: "BPE",
    vocabulary: vocabulary.tokens,
    merges,
    continuingSubwordPrefix: null,
    endOfWordSuffix: null,
  };
}
