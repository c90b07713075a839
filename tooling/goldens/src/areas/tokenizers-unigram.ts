/** Trains Unigram vocabularies and SentencePiece models. */
import {
  type SentencePieceModelType,
  trainSentencePiece,
  trainUnigram,
} from "@frugal/tokenizers/train";
import {
  type CaseRunner,
  type Context,
  type GoldenCase,
  MissingError,
  numbersOf,
} from "../types.js";
import { bytesOf, jsonOf } from "./tokenizers-files.js";
import { wordCountsOf } from "./tokenizers-train.js";

/**
 * Vocabularies that agree but for the share of entries that the tolerance allows count as equal: the expected one is given
 * back, with our score for each entry in common.
 */
export async function asSets(
  { expect, tolerance }: GoldenCase,
  key: "tokens" | "pieces",
  pieces: readonly string[],
  scores: ArrayLike<number>,
  context: Context,
): Promise<Record<string, unknown>> {
  const allowed = tolerance[key] ?? 0;
  if (allowed === 0) return { [key]: pieces, scores };
  const expected = (await jsonOf(expect[key], context)) as readonly string[];
  const expectedScores = numbersOf(expect.scores);
  const ours = new Map(pieces.map((piece, i) => [piece, scores[i]!]));
  const theirs = new Set(expected);
  const missing = expected.filter((piece) => !ours.has(piece)).length / expected.length;
  const extra = pieces.filter((piece) => !theirs.has(piece)).length / pieces.length;
  if (missing > allowed || extra > allowed)
    return { [key]: [`${missing} are missing, ${extra} are not expected`], scores };
  return {
    [key]: expected,
    scores: expected.map((piece, i) => ours.get(piece) ?? expectedScores[i]!),
  };
}

const unigramCase: CaseRunner = async (golden, context) => {
  const { params, inputs } = golden;
  const { pieces } = await trainUnigram(await wordCountsOf(inputs.wordCounts, context), {
    vocabularySize: params.vocabSize as number,
    shrinkingFactor: params.shrinkingFactor as number,
    subIterations: params.subIterations as number,
    maxPieceLength: params.maxPieceLength as number,
    seedSize: params.seedSize as number,
    initialAlphabet: params.initialAlphabet as readonly string[],
    specialTokens: params.specialTokens as readonly string[],
    unknownToken: params.unkToken as string,
  });
  const tokens = pieces.map(([token]) => token);
  const scores = pieces.map(([, score]) => score);
  return asSets(golden, "tokens", tokens, scores, context);
};

/** Names that differ from the reference's, ours by theirs. */
const RENAMED: Readonly<Record<string, string>> = {
  vocabSize: "vocabularySize",
  hardVocabLimit: "hardVocabularyLimit",
  useAllVocab: "useAllVocabulary",
  maxSentencepieceLength: "maxPieceLength",
  seedSentencepieceSize: "seedSize",
  numSubIterations: "subIterations",
  requiredChars: "requiredCharacters",
};

const sentencePieceCase: CaseRunner = async (golden, context) => {
  const { params, inputs } = golden;
  const { normalizationRuleName, ...named } = params;
  if (normalizationRuleName !== "identity")
    throw new MissingError(`the rules ${String(normalizationRuleName)}`);
  const options = Object.fromEntries(
    Object.entries(named).map(([name, value]) => [RENAMED[name] ?? name, value]),
  );
  const text = new TextDecoder().decode(await bytesOf(inputs.text, context));
  const modelType = params.modelType as SentencePieceModelType;
  const trained = await trainSentencePiece(text.split("\n"), { ...options, modelType });
  return asSets(golden, "pieces", trained.pieces, trained.scores, context);
};

export const tokenizerUnigramCases: Record<string, CaseRunner> = {
  "train-unigram": unigramCase,
  "train-sentencepiece": sentencePieceCase,
};
