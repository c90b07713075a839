/**
 * Trains a Unigram vocabulary from word counts.
 *
 * Paper    Kudo, arXiv:1804.10959; the trainer of Hugging Face tokenizers
 * Shapes   words with their counts  ->  pieces with log probabilities, by id: special tokens, then the most probable first
 * Units    scores are natural logarithms; special tokens have 0
 * Cost     O(characters of all different words) for the seeds, then about ten turns of O(matches of all different words)
 * Differs  seeds count each word once, as in the reference; `trainSentencePiece` counts what the text holds. Characters
 *          that lost their piece come back in the order of their counts (there in that of a hash table), and what fills the
 *          rest is in the order of the last pruning, as there. No more than `vocabularySize`, also where the reference
 *          overshoots because characters and special tokens fill it
 *          Scores before the first pruning are those of the reference; of two pieces with nearly the same loss the other one
 *          may stay, which is 2 to 6 % of a small vocabulary
 * Errors   ArgumentError: an option out of range, no word, more characters and special tokens than `vocabularySize`; the
 *          signal's reason
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { byCodePoint } from "../text/code-points.js";
import * as options from "./options.js";
import { type JobOptions, Pace } from "./pace.js";
import type { UnigramFileModel } from "./tokenizer-file.js";
import { fitUnigram } from "./unigram-em.js";
import { emOptions, type UnigramEmOptions } from "./unigram-options.js";
import { unigramSeeds } from "./unigram-seeds.js";
import type { WordCounts } from "./word-counts.js";

export interface TrainUnigramOptions extends JobOptions, UnigramEmOptions {
  /** Tokens in all. Default: 8000. */
  readonly vocabularySize?: number | undefined;
  /** Characters that get a piece in any case. Default: none but those of the words. */
  readonly initialAlphabet?: Iterable<string> | undefined;
  /** The first tokens. Default: none. */
  readonly specialTokens?: readonly string[] | undefined;
  /** The token of characters without a piece; the first token where it is no special one. Default: none. */
  readonly unknownToken?: string | null | undefined;
}

/** What `tokenizerFile` takes as its model. */
export type TrainedUnigram = UnigramFileModel;

const WHERE = "trainUnigram";

export async function trainUnigram(
  words: WordCounts,
  given: TrainUnigramOptions = {},
): Promise<TrainedUnigram> {
  const vocabularySize = options.vocabularySize(WHERE, given.vocabularySize ?? 8000);
  const { subIterations, shrinkingFactor, maxPieceLength, seedSize } = emOptions(WHERE, given);
  const special = specialTokens(given);
  options.checkWords(WHERE, words);
  const pace = new Pace(given);
  const required = requiredCharacters(words, given.initialAlphabet ?? []);
  const room = vocabularySize - special.tokens.length;
  if (required.length > room)
    throw new ArgumentError(
      WHERE,
      "vocabularySize",
      `at least ${required.length + special.tokens.length}, for all characters and special tokens`,
      vocabularySize,
      "Raise it, or normalize rare characters away.",
    );
  const entries = Array.from(words, ([text, count]) => ({ text, count }));
  const seeds = await unigramSeeds(
    entries,
    {
      flavor: "hugging-face",
      maxPieceLength,
      substringLimit: (characterCount) => Math.max(1, seedSize - characterCount),
      isCharacter: (character) => character !== "\0",
      isPiece: () => true,
    },
    pace,
  );
  const fit = await fitUnigram(
    { texts: [...words.keys()], counts: [...words.values()] },
    {
      pieces: ["<unk>", ...seeds.pieces],
      scores: Float64Array.of(Number.NaN, ...seeds.scores),
    },
    {
      subIterations,
      desiredSize: Math.floor((vocabularySize * 11) / 10),
      keptSize: (size) => Math.floor(size * shrinkingFactor),
      prune: "hugging-face",
      fitsLast: true,
      unknownPiece: true,
    },
    pace,
  );
  return {
    type: "Unigram",
    pieces: [
      ...special.tokens.map((token) => [token, 0] as const),
      ...chosenPieces(fit, required, room, new Set(special.tokens)),
    ],
    unknownId: special.unknownId,
  };
}

function specialTokens({ specialTokens: named, unknownToken = null }: TrainUnigramOptions) {
  const tokens = [...options.specialTokens(WHERE, named)];
  const repeated = tokens.find((token, i) => tokens.indexOf(token) !== i);
  if (repeated !== undefined)
    throw new ArgumentError(WHERE, "specialTokens", "free of repetition", repeated);
  if (unknownToken === null) return { tokens, unknownId: null };
  const [token] = options.specialTokens(WHERE, [unknownToken]);
  if (!tokens.includes(token!)) tokens.unshift(token!);
  return { tokens, unknownId: tokens.indexOf(token!) };
}

/** The most frequent first. */
function requiredCharacters(words: WordCounts, initial: Iterable<string>): string[] {
  const counts = new Map<string, number>();
  for (const entry of initial) for (const character of entry) counts.set(character, 0);
  for (const [word, count] of words)
    for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || byCodePoint(a[0], b[0]))
    .map(([character]) => character);
}

/** What keeps two characters without a piece of their own from the same score. */
const PENALTY = 0.0001;

function chosenPieces(
  fit: { readonly pieces: readonly string[]; readonly scores: Float64Array },
  required: readonly string[],
  room: number,
  taken: Set<string>,
): [string, number][] {
  const scores = new Map(fit.pieces.slice(1).map((piece, i) => [piece, fit.scores[i + 1]!]));
  let least = Infinity;
  for (const score of scores.values()) least = Math.min(least, score);
  let missing = 0;
  const chosen: [string, number][] = [];
  for (const character of required) {
    if (taken.has(character)) continue;
    taken.add(character);
    chosen.push([character, scores.get(character) ?? least + PENALTY * missing++]);
  }
  for (const [piece, score] of scores) {
    if (chosen.length >= room) break;
    if (!taken.has(piece)) chosen.push([piece, score]);
  }
  return chosen.sort((a, b) => b[1] - a[1]);
}
