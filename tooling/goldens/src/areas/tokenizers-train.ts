/** Trains tokenizers from text. */
import {
  byteAlphabet,
  type TrainBpeOptions,
  tiktokenFile,
  trainBpe,
  trainBpeEducational,
  trainParityAwareBpe,
  trainSuperBpe,
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

const parityCase: CaseRunner = async ({ params, inputs }, context) => {
  const languages = async (files: GoldenValue | undefined): Promise<WordCounts[]> => {
    const counts: WordCounts[] = [];
    for (const file of (files ?? []) as readonly string[]) {
      const text = new TextDecoder().decode(await bytesOf(file, context));
      const preTokenizer = params.preTokenizer as object;
      counts.push(await wordCounts(text.split(/(?<=\n)/), { preTokenizer }));
    }
    return counts;
  };
  const dev = inputs.dev === undefined ? undefined : await languages(inputs.dev);
  const trained = await trainParityAwareBpe(await languages(inputs.train), {
    dev,
    ratio: (params.ratio ?? undefined) as readonly number[] | undefined,
    mergeCount: params.symbols as number,
    minFrequency: params.minFrequency as number,
    globalMerges: params.globalMerges as number,
    window:
      params.variant === "window"
        ? { size: params.windowSize as number, alpha: params.alpha as number }
        : undefined,
  });
  return { merges: trained.merges };
};

const superCase: CaseRunner = async ({ params, inputs }, context) => {
  const text = new TextDecoder().decode(await bytesOf(inputs.text, context));
  const { vocabulary, merges } = await trainSuperBpe(text.split("\n"), {
    vocabularySize: params.vocabSize as number,
    transition: params.transition as number,
    stage1Pattern: params.stage1Pattern as string | undefined,
    stage2Pattern: params.stage2Pattern as string | undefined,
  });
  return { model: { tokens: vocabulary, merges } };
};

export const tokenizerTrainCases: Record<string, CaseRunner> = {
  "train-bpe": bpeCase,
  "train-word-piece": wordPieceCase,
  "train-word-level": wordLevelCase,
  "train-bpe-educational": educationalCase,
  "train-parity-aware-bpe": parityCase,
  "train-super-bpe": superCase,
};
