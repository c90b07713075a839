/**
 * Trains a SentencePiece model: Unigram, BPE, words or characters.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226; Kudo, arXiv:1804.10959
 * Shapes   lines  ->  pieces with scores and types, by id: those that are not learned where their ids are, the others in the
 *          order of the model
 * Units    scores are natural logarithms; of BPE the negative place in the order of merges
 * Cost     one pass over the lines, then that of `trainUnigram` or `trainBpe` for the different words
 * Differs  no sampling of lines, no self test; sums in 64 bits. Kept from the original: in Unigram training an unknown
 *          character counts for the most frequent character too
 * Errors   ArgumentError: an option out of range, lines without text, more characters than `vocabularySize`, fewer pieces
 *          than a hard limit asks for; the signal's reason
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { PIECE } from "../formats/sentencepiece-proto.js";
import { byCodePoint } from "../text/code-points.js";
import { Pace } from "./pace.js";
import { sentencePieceMerges } from "./sentencepiece-bpe.js";
import {
  joinedEntries,
  type SentencePieceCorpus,
  type SkippedLines,
  sentencePieceCorpus,
} from "./sentencepiece-corpus.js";
import {
  metaPieces,
  type SentencePieceSpec,
  sentencePieceSpec,
  type TrainSentencePieceOptions,
} from "./sentencepiece-options.js";
import { pieceRules, RARE } from "./sentencepiece-rules.js";
import { sentencePieceUnigram } from "./sentencepiece-unigram.js";
import type { Corpus } from "./word-counts.js";

export interface TrainedSentencePiece {
  readonly pieces: readonly string[];
  readonly scores: Float32Array;
  /** 1 learned, 2 unknown, 3 control, 4 user-defined, 6 byte. */
  readonly types: Uint8Array;
  readonly spec: SentencePieceSpec;
  readonly skipped: SkippedLines;
}

/** Pieces with scores, in order. */
export type ScoredPieces = readonly (readonly [piece: string, score: number])[];

const WHERE = "trainSentencePiece";

export async function trainSentencePiece(
  lines: Corpus,
  options: TrainSentencePieceOptions = {},
): Promise<TrainedSentencePiece> {
  const spec = sentencePieceSpec(options);
  const meta = metaPieces(spec);
  const pace = new Pace(options);
  const corpus = await sentencePieceCorpus(lines, spec, meta.values(), pace);
  const learned = await learnedPieces(corpus, spec, meta.size, pace);
  const pieces: string[] = [];
  const scores: number[] = [];
  const types: number[] = [];
  const seen = new Set<string>();
  const add = (piece: string, score: number, type: number): void => {
    if (seen.has(piece))
      throw new ArgumentError(WHERE, "the named pieces", "different from learned ones", piece);
    seen.add(piece);
    pieces.push(piece);
    scores.push(score);
    types.push(type);
  };
  const rest = learned[Symbol.iterator]();
  const size = spec.useAllVocabulary ? meta.size + learned.length : spec.vocabularySize;
  for (let id = 0; id < size; id++) {
    const named = meta.get(id);
    if (named !== undefined) add(named.piece, 0, named.type);
    else {
      const next = rest.next();
      if (!next.done) add(next.value[0], next.value[1], PIECE.normal);
    }
  }
  if (spec.hardVocabularyLimit && spec.modelType !== "char" && pieces.length < size)
    throw new ArgumentError(
      WHERE,
      "vocabularySize",
      `at most ${pieces.length}, which is all that these lines give`,
      size,
      "Lower it, or set hardVocabularyLimit to false.",
    );
  return {
    pieces,
    scores: Float32Array.from(scores),
    types: Uint8Array.from(types),
    spec,
    skipped: corpus.skipped,
  };
}

async function learnedPieces(
  corpus: SentencePieceCorpus,
  spec: SentencePieceSpec,
  metaCount: number,
  pace: Pace,
): Promise<ScoredPieces> {
  const { entries, required } = corpus;
  const room = spec.vocabularySize - metaCount;
  if (spec.modelType === "char") return shares(required, room, spec.useAllVocabulary);
  const words = joinedEntries(entries);
  if (spec.modelType === "word")
    return shares(
      [...words].sort((a, b) => b[1] - a[1] || byCodePoint(a[0], b[0])),
      room,
      spec.useAllVocabulary,
    );
  if (required.length > room)
    throw new ArgumentError(
      WHERE,
      "vocabularySize",
      `at least ${required.length + metaCount}, for all characters and named pieces`,
      spec.vocabularySize,
      "Raise it, or lower characterCoverage.",
    );
  const isPiece = pieceRules(spec);
  if (spec.modelType === "unigram")
    return sentencePieceUnigram(corpus, words, spec, room, isPiece, pace);
  const merges = await sentencePieceMerges(words, room - required.length, isPiece, pace);
  const characters = required.map(([character]) => character);
  return [...merges, ...characters].map((piece, i) => [piece, -i] as const);
}

/** The logarithm of the share of each in all counts. */
function shares(
  counted: readonly (readonly [string, number])[],
  room: number,
  all: boolean,
): ScoredPieces {
  const log = (count: number): number => Math.fround(Math.log(Math.fround(count)));
  const total = log(counted.reduce((sum, [, count]) => sum + count, 0));
  const isKept = ([text]: readonly [string, number]): boolean => !text.includes(RARE);
  return counted
    .filter(isKept)
    .slice(0, all ? counted.length : room)
    .map(([text, count]) => [text, Math.fround(log(count) - total)] as const);
}
