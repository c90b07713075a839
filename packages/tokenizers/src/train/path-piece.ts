/**
 * Trains a vocabulary for the fewest tokens by taking tokens out of a large one.
 *
 * Paper    PathPiece, arXiv:2402.18376
 * Shapes   words in the byte alphabet with their counts  ->  tokens by id: the 256 bytes, then those that are left of the
 *          initial vocabulary, in its order, or of all runs of bytes, the most frequent first
 * Units    maxTokenLength in bytes; shrinkingFactor: share of the vocabulary, 0..1
 * Cost     a round O(n L) steps of a trie for n bytes of different words and tokens of at most L, and O(L^2) for each token
 *          that they are cut into; log(V0 / V) / log(1 / shrinkingFactor) rounds from V0 to V tokens
 * Differs  a word takes tokens anew after each round, not after each removal, so that tokens of one round that stand in for one
 *          another may go together; of equal increases the token that matches the words least goes first, then the one with
 *          the greater bytes. Fewer than `vocabularySize` come out only where there were fewer to begin with
 * Errors   ArgumentError: an option out of range, a size below 256, words or tokens in another alphabet, a token twice, no
 *          word, a count that is no whole number; the signal's reason, looked at between words
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { ID_LIMIT } from "../limits.js";
import { ByteTrie } from "../segment/byte-trie.js";
import { byteText } from "./byte-text.js";
import { byteDecoder, byteWords } from "./byte-words.js";
import { byBytes, frequentSubstrings } from "./frequent-substrings.js";
import * as options from "./options.js";
import { type JobOptions, Pace } from "./pace.js";
import { removalIncreases } from "./removal-increases.js";
import type { WordCounts } from "./word-counts.js";

export interface TrainPathPieceOptions extends JobOptions {
  /** Tokens in all, the 256 bytes included. Default: 30000. */
  readonly vocabularySize?: number | undefined;
  /** Tokens to choose from in the byte alphabet, such as those of `trainBpe`. Default: the runs of bytes of the words. */
  readonly initialVocabulary?: readonly string[] | undefined;
  /** Longer tokens are not chosen from. Default: 16. */
  readonly maxTokenLength?: number | undefined;
  /** Of a run of bytes; an initial vocabulary is taken as it is. Default: 2. */
  readonly minFrequency?: number | undefined;
  /** Runs of bytes to begin with, at most. Default: 262144, or `vocabularySize` where that is more. */
  readonly seedSize?: number | undefined;
  /** What a round leaves of the vocabulary: above 0, below 1. Default: 0.9. */
  readonly shrinkingFactor?: number | undefined;
}

/** A vocabulary on its way. */
export interface PathPieceRound {
  readonly vocabularySize: number;
  /** Tokens of all words, each as often as it occurs. */
  readonly tokenCount: number;
}

export interface TrainedPathPiece {
  /** By id, in the byte alphabet. */
  readonly vocabulary: readonly string[];
  /** The same as bytes, for `pathPieceEncoder`. */
  readonly tokens: readonly Uint8Array[];
  /** From the first vocabulary to this one. */
  readonly rounds: readonly PathPieceRound[];
}

const WHERE = "trainPathPiece";
const PHASE = "dropping tokens";
const BYTES = 256;
/** Bytes of a token: the way around one takes the square of it. */
const LENGTH_LIMIT = 512;

/** Count words with `wordCounts(corpus, { pattern })`, or with a ByteLevel pre-tokenizer. */
export async function trainPathPiece(
  words: WordCounts,
  given: TrainPathPieceOptions = {},
): Promise<TrainedPathPiece> {
  const vocabularySize = options.vocabularySize(WHERE, given.vocabularySize);
  if (vocabularySize < BYTES)
    throw new ArgumentError(WHERE, "vocabularySize", `at least ${BYTES}`, vocabularySize);
  const maxLength = options.between(
    WHERE,
    "maxTokenLength",
    given.maxTokenLength,
    16,
    LENGTH_LIMIT,
  );
  const minFrequency = options.between(
    WHERE,
    "minFrequency",
    given.minFrequency,
    2,
    Number.MAX_SAFE_INTEGER,
  );
  const limit = options.between(
    WHERE,
    "seedSize",
    given.seedSize,
    Math.max(SEED_SIZE, vocabularySize),
    ID_LIMIT,
  );
  const shrinkingFactor = options.shrinkingFactor(WHERE, given.shrinkingFactor, 0.9);
  const chosen = initialTokens(given.initialVocabulary, maxLength);
  const pace = new Pace(given);
  const corpus = byteWords(WHERE, words);
  const longer =
    chosen ?? (await frequentSubstrings(corpus, { maxLength, minFrequency, limit }, pace));
  const tokens = [...singleBytes(), ...longer];

  const trie = new ByteTrie(tokens, WHERE);
  const alive = new Uint8Array(tokens.length).fill(1);
  const rounds: PathPieceRound[] = [];
  let left = tokens.map((_, id) => id);
  for (;;) {
    const size = left.length;
    const [done, total] = [tokens.length - size, Math.max(0, tokens.length - vocabularySize)];
    const { tokenCount, increases, matches } = await removalIncreases(
      corpus,
      { trie, alive },
      pace,
      () => pace.rest(PHASE, done, total),
    );
    rounds.push({ vocabularySize: size, tokenCount });
    pace.report(PHASE, done, total);
    if (size <= vocabularySize) break;
    const kept = Math.max(vocabularySize, Math.min(size - 1, Math.floor(size * shrinkingFactor)));
    const going = left
      .slice(BYTES)
      .sort(
        (a, b) =>
          increases[a]! - increases[b]! ||
          matches[a]! - matches[b]! ||
          byBytes(tokens[b]!, tokens[a]!),
      );
    for (const id of going.slice(0, size - kept)) alive[id] = 0;
    left = left.filter((id) => alive[id] === 1);
  }
  const found = left.map((id) => tokens[id]!);
  return {
    vocabulary: found.map((bytes) => byteText(String.fromCharCode(...bytes))),
    tokens: found,
    rounds,
  };
}

const SEED_SIZE = 1 << 18;

const singleBytes = (): Uint8Array[] =>
  Array.from({ length: BYTES }, (_, byte) => Uint8Array.of(byte));

/** Those of more than one byte; undefined where no vocabulary is given. */
function initialTokens(
  vocabulary: readonly string[] | undefined,
  maxLength: number,
): Uint8Array[] | undefined {
  if (vocabulary === undefined) return undefined;
  if (!Array.isArray(vocabulary) || vocabulary.length > ID_LIMIT)
    throw new ArgumentError(
      WHERE,
      "initialVocabulary",
      `a list of at most ${ID_LIMIT} tokens`,
      vocabulary,
    );
  const decode = byteDecoder(WHERE, "initialVocabulary", "Give the tokens of a byte-level model.");
  const seen = new Set<string>();
  const tokens: Uint8Array[] = [];
  vocabulary.forEach((token: unknown, id) => {
    if (typeof token !== "string" || token === "" || seen.has(token))
      throw new ArgumentError(
        WHERE,
        `initialVocabulary[${id}]`,
        "a text that is not empty, each once",
        token,
      );
    seen.add(token);
    const bytes = decode(token, new Uint8Array(token.length));
    if (bytes.length > 1 && bytes.length <= maxLength) tokens.push(bytes);
  });
  return tokens;
}
