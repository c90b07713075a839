/** Trains tokenizers from text. */
import {
  byteAlphabet,
  type TrainBpeOptions,
  tiktokenFile,
  trainBpe,
  trainBpeEducational,
  trainWordLevel,
  trainWordPiece,
  type WordCounts,
  wordCounts,
} from "@frugal/tokenizers/train";
import type { CaseRunner, Context, GoldenCase, GoldenValue } from "../types.js";
import { bytesOf, jsonOf } from "./tokenizers-files.js";

export async function wordCountsOf(
  value: GoldenValue | undefined,
  context: Context,
): Promise<WordCounts> {
  return new Map(Object.entries((await jsonOf(value, context)) as Record<string, number>));
}

/** The parameters of the Hugging Face trainers under our names. */
function bpeOptions({ params }: GoldenCase): TrainBpeOptions {
  const initial = params.initialAlphabet;
  return {
    vocabularySize: params.vocabSize as number,
    minFrequency: params.minFrequency as number,
    limitAlphabet: params.limitAlphabet as number | null,
    initialAlphabet: initial === "bytes" ? byteAlphabet() : (initial as readonly string[]),
    specialTokens: params.specialTokens as readonly string[],
    continuingSubwordPrefix: params.continuingSubwordPrefix as string | null,
    endOfWordSuffix: params.endOfWordSuffix as string | null,
    maxTokenLength: params.maxTokenLength as number | null,
  };
}

const bpeCase: CaseRunner = async (golden, context) => {
  const words = await wordCountsOf(golden.inputs.wordCounts, context);
  const { vocabulary, merges } = await trainBpe(words, bpeOptions(golden));
  return { tokens: vocabulary, merges, model: { tokens: vocabulary, merges } };
};

const wordPieceCase: CaseRunner = async (golden, context) => {
  const words = await wordCountsOf(golden.inputs.wordCounts, context);
  return { tokens: (await trainWordPiece(words, bpeOptions(golden))).vocabulary };
};

const wordLevelCase: CaseRunner = async (golden, context) => {
  const words = await wordCountsOf(golden.inputs.wordCounts, context);
  const { vocabularySize, minFrequency, specialTokens } = bpeOptions(golden);
  const options = { vocabularySize, minFrequency, specialTokens };
  return { tokens: trainWordLevel(words, options).vocabulary };
};

const educationalCase: CaseRunner = async ({ params, inputs }, context) => {
  const text = new TextDecoder().decode(await bytesOf(inputs.text, context));
  const words = await wordCounts([text], { pattern: params.patternSource as string });
  const options = { vocabularySize: params.vocabSize as number };
  return { ranks: tiktokenFile((await trainBpeEducational(words, options)).vocabulary) };
};

export const tokenizerTrainCases: Record<string, CaseRunner> = {
  "train-bpe": bpeCase,
  "train-word-piece": wordPieceCase,
  "train-word-level": wordLevelCase,
  "train-bpe-educational": educationalCase,
};
