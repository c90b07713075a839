/** Measures what a tokenizer costs, and on whom. */
export {
  type CharacterAnswers,
  type CharacterHolder,
  type CharacterProbe,
  charTaskProbe,
} from "./char-task-probe.js";
export {
  classifyVocabulary,
  type TokenCategory,
  type TokenClass,
  type VocabularyClasses,
} from "./classify-vocabulary.js";
export { fixedLengthBits, unigramTokenCrossEntropy } from "./code-length.js";
export {
  compareVocabularies,
  type VocabularyComparison,
  type VocabularyRow,
} from "./compare-vocabularies.js";
export {
  type EfficiencyOptions,
  type EntropyOptions,
  renyiEfficiency,
  renyiEntropy,
  shannonEfficiency,
  shannonEntropy,
} from "./entropy.js";
export { gini } from "./gini.js";
export {
  languageTokenRate,
  pureTokenRate,
  type RateOptions,
  type TokenRate,
  type TokenTest,
} from "./language-rates.js";
export { normalizedSequenceLength } from "./normalized-length.js";
export { type PercentileOptions, percentileFrequency } from "./percentile-frequency.js";
export { tokenFrequencies } from "./token-frequencies.js";
export {
  type ParallelTexts,
  type PremiumRow,
  type TokenPremiums,
  tokenPremium,
} from "./token-premium.js";
export { type Lexeme, type TypedEncoding, tokenTypeSequence } from "./token-type-sequence.js";
export {
  type Efficiency,
  type MeterOptions,
  type TokenizerMeter,
  type TokenizerMetrics,
  tokenizerMeter,
} from "./tokenizer-meter.js";
export {
  type CompareOptions,
  type Corpus,
  compareTokenizers,
  type MetricsOptions,
  type NamedTokenizer,
  type TokenizerComparison,
  tokenizerMetrics,
} from "./tokenizer-metrics.js";
export { fitOptimalVocabularySize, type SizeFit, type SizePoint } from "./vocabulary-size.js";
export { vocabularyTexts } from "./vocabulary-texts.js";
export { type WordCosts, type WordMeasures, wordCosts } from "./word-costs.js";
export { unicodeWords, type WordSplitter, whitespaceWords } from "./words.js";
