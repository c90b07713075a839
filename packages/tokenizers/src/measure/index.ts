/** Measures what a tokenizer costs, and on whom. */
export {
  classifyVocabulary,
  type TokenCategory,
  type TokenClass,
  type VocabularyClasses,
} from "./classify-vocabulary.js";
export { fixedLengthBits, unigramTokenCrossEntropy } from "./code-length.js";
export {
  type EfficiencyOptions,
  type EntropyOptions,
  renyiEfficiency,
  renyiEntropy,
  shannonEfficiency,
  shannonEntropy,
} from "./entropy.js";
export { gini } from "./gini.js";
export { normalizedSequenceLength } from "./normalized-length.js";
export { type PercentileOptions, percentileFrequency } from "./percentile-frequency.js";
export { tokenFrequencies } from "./token-frequencies.js";
export { vocabularyTexts } from "./vocabulary-texts.js";
