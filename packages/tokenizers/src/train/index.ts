/** Trains tokenizers from text. */
export { byteAlphabet } from "./alphabet.js";
export {
  type BoundlessEvent,
  type TrainBoundlessBpeOptions,
  type TrainedBoundlessBpe,
  trainBoundlessBpe,
} from "./boundless-bpe.js";
export { type TrainBpeOptions, type TrainedBpe, trainBpe } from "./bpe.js";
export { type TrainEducationalOptions, trainBpeEducational } from "./educational.js";
export { type TrainedLib, type TrainLibOptions, trainLib } from "./lib.js";
export type { JobOptions, Progress } from "./pace.js";
export {
  type ParityWindow,
  type TrainParityAwareBpeOptions,
  trainParityAwareBpe,
} from "./parity-aware.js";
export {
  type PathPieceRound,
  type TrainedPathPiece,
  type TrainPathPieceOptions,
  trainPathPiece,
} from "./path-piece.js";
export {
  type PickyEvent,
  type TrainedPickyBpe,
  type TrainPickyBpeOptions,
  trainPickyBpe,
} from "./picky-bpe.js";
export {
  paddingTokens,
  TRAINING_PRESETS,
  type TrainingPreset,
  type TrainingPresetName,
  trainingPreset,
} from "./presets.js";
export {
  type ScoredPieces,
  type TrainedSentencePiece,
  trainSentencePiece,
} from "./sentencepiece.js";
export type { SkippedLines } from "./sentencepiece-corpus.js";
export { sentencePieceFile } from "./sentencepiece-file.js";
export type {
  SentencePieceIds,
  SentencePieceModelType,
  SentencePieceNames,
  SentencePieceSpec,
  TrainSentencePieceOptions,
} from "./sentencepiece-options.js";
export {
  SUPER_BPE_LINES,
  SUPER_BPE_WORDS,
  type TrainedSuperBpe,
  type TrainSuperBpeOptions,
  trainSuperBpe,
} from "./super-bpe.js";
export { type TiktokenFileOptions, tiktokenFile } from "./tiktoken-file.js";
export {
  type BpeFileModel,
  type FileAddedToken,
  type FileModel,
  type Merge,
  type TokenizerFile,
  type TokenizerFileParts,
  tokenizerFile,
  type UnigramFileModel,
  type WordLevelFileModel,
  type WordPieceFileModel,
} from "./tokenizer-file.js";
export { type TrainedUnigram, type TrainUnigramOptions, trainUnigram } from "./unigram.js";
export type { UnigramEmOptions } from "./unigram-options.js";
export { type Corpus, type WordCountOptions, type WordCounts, wordCounts } from "./word-counts.js";
export { type TrainWordLevelOptions, trainWordLevel } from "./word-level.js";
export { type TrainedWordPiece, type TrainWordPieceOptions, trainWordPiece } from "./word-piece.js";
