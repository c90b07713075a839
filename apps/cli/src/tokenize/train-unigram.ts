/** Trainers of Unigram vocabularies and SentencePiece models; keys are the names of the trainers' options. */
import {
  type SentencePieceModelType,
  sentencePieceFile,
  type TrainSentencePieceOptions,
  tokenizerFile,
  trainSentencePiece,
  trainUnigram,
  wordCounts,
} from "@frugal/tokenizers/train";
import type { TrainContext, Trainer } from "./train.js";
import { checkKeys, job } from "./train-options.js";

const METASPACE = { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true };
const FIT_KEYS = ["shrinkingFactor", "subIterations", "maxPieceLength", "seedSize"];
const PIECE_KEYS = [
  ...FIT_KEYS,
  ..."characterCoverage requiredCharacters maxSentenceLength splitByWhitespace splitDigits".split(
    " ",
  ),
  ..."splitByUnicodeScript splitByNumber treatWhitespaceAsSuffix byteFallback".split(" "),
  ..."allowWhitespaceOnlyPieces hardVocabularyLimit useAllVocabulary addDummyPrefix".split(" "),
  "removeExtraWhitespaces",
];

export async function* withoutLineFeeds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield line.endsWith("\n") ? line.slice(0, -1) : line;
}

const unigram: Trainer = {
  name: "unigram",
  about:
    "Unigram, written as tokenizer.json: maxPieceLength, shrinkingFactor, subIterations, seedSize",
  async run(context) {
    checkKeys(context, "unigram", FIT_KEYS);
    const words = await wordCounts(withoutLineFeeds(context.lines()), {
      preTokenizer: METASPACE,
      ...job(context),
    });
    const model = await trainUnigram(words, {
      ...context.options,
      vocabularySize: context.vocabularySize,
      specialTokens: ["<unk>"],
      unknownToken: "<unk>",
      ...job(context),
    });
    const file = tokenizerFile({ model, preTokenizer: METASPACE, decoder: METASPACE });
    return JSON.stringify(file);
  },
};

const sentencePiece = (modelType: SentencePieceModelType): Trainer => ({
  name: `sentencepiece-${modelType}`,
  about: `a SentencePiece model of type ${modelType}, written as .model: byteFallback, characterCoverage, ...`,
  async run(context: TrainContext) {
    checkKeys(context, `sentencepiece-${modelType}`, PIECE_KEYS);
    const trained = await trainSentencePiece(withoutLineFeeds(context.lines()), {
      ...(context.options as TrainSentencePieceOptions),
      modelType,
      vocabularySize: context.vocabularySize,
      ...job(context),
    });
    return sentencePieceFile(trained);
  },
});

export const UNIGRAM_TRAINERS: readonly Trainer[] = [
  unigram,
  ...(["unigram", "bpe", "word", "char"] as const).map(sentencePiece),
];
