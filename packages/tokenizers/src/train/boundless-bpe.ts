/**
 * Trains a byte-pair vocabulary whose tokens may reach over several words.
 *
 * Paper    BoundlessBPE, arXiv:2504.00178, with the removals of PickyBPE
 * Shapes   texts  ->  events in order, tokens by id: the 256 bytes, then those made by merges, in the byte alphabet
 * Units    tau: merges over occurrences before the merge
 * Cost     that of byte-pair training; memory for each text too, 12 bytes a word of it
 * Differs  counts are kept up to date. Kept from the released code: a token that was taken out still counts as one of
 *          `vocabularySize` and is never made again; it goes where its share is `tau` or above; at equal counts a merge of
 *          words goes before one of tokens, then the smaller bytes; two equal words that merge are closed to further merges
 * Errors   ArgumentError: an option out of range, no texts; those of the pattern; the signal's reason
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { BOUNDLESS_PATTERNS } from "./boundless-pattern.js";
import { boundlessPieces, Sentences, Tokens } from "./boundless-state.js";
import { byteText } from "./byte-text.js";
import * as options from "./options.js";
import { type JobOptions, Pace } from "./pace.js";
import type { Corpus } from "./word-counts.js";

/** Tokens in the byte alphabet. */
export type BoundlessEvent =
  | readonly ["merge" | "supermerge", left: string, right: string]
  | readonly ["delete", token: string];

export interface TrainBoundlessBpeOptions extends JobOptions {
  /** Tokens in all, also those taken out. Default: 30000. */
  readonly vocabularySize?: number | undefined;
  /** A token goes where a merge takes this share of its occurrences. Above 1: none. Default: 0.9. */
  readonly tau?: number | undefined;
  /** What a token becomes that goes: its bytes, or the two that it was made of. Default: "bytes". */
  readonly blowUp?: "bytes" | "pair" | undefined;
  /** Splits texts into words: the paper's, that of o200k, or an expression in the syntax of Rust. Default: "ultimate". */
  readonly pattern?: keyof typeof BOUNDLESS_PATTERNS | (string & {}) | undefined;
}

export interface TrainedBoundlessBpe {
  readonly events: readonly BoundlessEvent[];
  /** By id, also those taken out. */
  readonly vocabulary: readonly string[];
}

const WHERE = "trainBoundlessBpe";
const PHASE = "merging pairs";
const STEPS_A_PLACE = 64;

export async function trainBoundlessBpe(
  corpus: Corpus,
  given: TrainBoundlessBpeOptions = {},
): Promise<TrainedBoundlessBpe> {
  const vocabularySize = options.vocabularySize(WHERE, given.vocabularySize);
  const { tau = 0.9, blowUp = "bytes", pattern = "ultimate" } = given;
  if (!(tau > 0)) throw new ArgumentError(WHERE, "tau", "above 0", tau);
  if (blowUp !== "bytes" && blowUp !== "pair")
    throw new ArgumentError(WHERE, "blowUp", '"bytes" or "pair"', blowUp);
  if (typeof corpus === "string")
    throw new ArgumentError(WHERE, "corpus", "a list of texts", corpus, "Put the text in a list.");
  const pace = new Pace(given);
  const pieces = await boundlessPieces(WHERE, corpus, pattern, pace);
  const made = new Set<string>();
  const isMade = (text: string): boolean => made.has(text);
  const tokens = new Tokens(pieces, isMade, blowUp === "bytes");
  for (const byte of tokens.texts) made.add(byte);
  const sentences = new Sentences(pieces, isMade);

  const events: BoundlessEvent[] = [];
  while (made.size < vocabularySize) {
    const pair = tokens.best();
    const words = sentences.best();
    let steps: number;
    if (pair !== null && pair.count > (words?.count ?? -1)) {
      const { left, right, count } = pair;
      const merge = [tokens.texts[left]!, tokens.texts[right]!] as const;
      const shares = [left, right].map((token) => [token, count / tokens.counts[token]!] as const);
      const { text, isWord, places } = tokens.merge(left, right);
      made.add(text);
      events.push(["merge", ...merge]);
      for (const [token, share] of shares) {
        if (tokens.texts[token]!.length === 1 || share < tau) continue;
        tokens.remove(token);
        events.push(["delete", tokens.texts[token]!]);
      }
      if (isWord) sentences.open(text);
      steps = places;
    } else if (words !== null) {
      const { left, right } = words;
      const merge = [sentences.texts[left]!, sentences.texts[right]!] as const;
      steps = sentences.merge(left, right);
      made.add(merge.join(""));
      events.push(["supermerge", ...merge]);
    } else break;
    if (pace.spend((steps + 1) * STEPS_A_PLACE)) await pace.rest(PHASE, made.size, vocabularySize);
  }
  pace.report(PHASE, made.size, vocabularySize);
  return {
    events: events.map(
      ([kind, ...names]) => [kind, ...names.map(byteText)] as unknown as BoundlessEvent,
    ),
    vocabulary: Array.from(made, byteText),
  };
}
