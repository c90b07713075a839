/**
 * Splits a text into words, for measures that count them.
 *
 * Paper    none; Unicode Standard Annex 29, by the host
 * Shapes   text  ->  its words in order, one by one
 * Cost     O(n); words are not kept
 * Differs  the host's splitter has dictionaries for Thai, Lao, Khmer, Burmese, Chinese and Japanese, which the annex leaves
 *          open; `hatSplitter` of the room segment splits without them
 * Errors   CapabilityError: a host without Intl.Segmenter
 */
import { CapabilityError } from "@frugal/tensor/errors";
import { eachCluster } from "../text/clusters.js";

export type WordSplitter = (text: string) => Iterable<string>;

/** Runs of what is not white space, punctuation among it. */
export function* whitespaceWords(text: string): Generator<string> {
  for (const [word] of text.matchAll(/[^\p{White_Space}]+/gu)) yield word;
}

/** Words with a letter or a digit in them; punctuation is none. */
export function unicodeWords(locale?: string): WordSplitter {
  if (typeof Intl === "undefined" || Intl.Segmenter === undefined) {
    throw new CapabilityError("unicodeWords", ["Intl.Segmenter"], "Use whitespaceWords.");
  }
  const segmenter = new Intl.Segmenter(locale, { granularity: "word" });
  return function* words(text) {
    for (const stretch of whitespaceWords(text)) {
      const found: string[] = [];
      eachCluster(segmenter, stretch, (segment) => {
        if (/[\p{L}\p{N}]/u.test(segment)) found.push(segment);
      });
      yield* found;
    }
  };
}
