/** Other ways to cut text than the one that a tokenizer was trained for. */

export type { DropoutVariant } from "../models/dropout.js";
export { type AppendableEncoder, type AppendableOptions, appendableEncoder } from "./appendable.js";
export {
  type BoundlessBpeModel,
  type BoundlessBpeOptions,
  boundlessBpeEncoder,
} from "./boundless-bpe.js";
export { unfinishedLength } from "./byte-encodings.js";
export { type ByteSegmenter, type ByteTokens, byteTokens } from "./byte-trie.js";
export {
  ByteCovers,
  type CoverGroup,
  type Covers,
  coverEncodings,
  isValidEncoding,
} from "./covers.js";
export { type DropoutOptions, withDropout } from "./dropout.js";
export {
  type MergeBoundary,
  pieceBoundary,
  punctuationTokens,
  sentenceBoundary,
  type WordBoundaryOptions,
  wordBoundary,
} from "./dynamic-boundaries.js";
export { type DynamicMerge, type DynamicMergeOptions, dynamicBpeMerge } from "./dynamic-merge.js";
export { type GreedyOptions, greedyEncoder } from "./greedy.js";
export { type HatOptions, type HatSplitter, hatSplitter } from "./hat/hat-splitter.js";
export {
  allowedTokens,
  forcedAfter,
  type HealedPrompt,
  type HealOptions,
  healPrompt,
} from "./healing.js";
export { type IntervalCounter, intervalCounter } from "./interval-counter.js";
export { type LibOptions, libEncoder } from "./lib.js";
export { type Marginals, marginals } from "./marginals.js";
export type {
  FormChoice,
  FormCondition,
  FormRule,
  MorphLanguage,
} from "./morph/language.js";
export {
  type MorphDictionaries,
  type MorphEntries,
  type MorphOptions,
  type MorphTokenizer,
  morphTokenizer,
} from "./morph/morph-tokenizer.js";
export { TURKISH } from "./morph/turkish.js";
export { N_BEST_LIMIT, type NBestOptions, nBest, type ScoredEncoding } from "./n-best.js";
export { type PathPieceOptions, pathPieceEncoder } from "./path-piece.js";
export {
  type EventEncoder,
  type PickyBpeModel,
  type PickyBpeOptions,
  pickyBpeEncoder,
} from "./picky-bpe.js";
export { type SamplingOptions, withSampling } from "./sampling.js";
export {
  type StochastokOptions,
  stochastokExpand,
  type TokenExpansions,
  tokenExpansions,
} from "./stochastok.js";
export { type TokenBytes, tokenBytes } from "./token-bytes.js";
export { encodeWithUnstable, type UnstableEncoding, type UnstableOptions } from "./unstable.js";
