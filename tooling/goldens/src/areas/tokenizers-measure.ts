/** Measures what a tokenizer costs, and on whom. */
import {
  classifyVocabulary,
  fixedLengthBits,
  percentileFrequency,
  renyiEfficiency,
  renyiEntropy,
  shannonEfficiency,
  shannonEntropy,
  tokenFrequencies,
} from "@frugal/tokenizers/measure";
import {
  type CaseRunner,
  type GoldenCase,
  type GoldenValue,
  MissingError,
  numberOf,
  textOf,
} from "../types.js";
import { bytesOf } from "./tokenizers-files.js";

const optional = <Key extends string>(
  key: Key,
  value: GoldenValue | undefined,
): { [K in Key]?: number } =>
  (value === undefined ? {} : { [key]: numberOf(value) }) as { [K in Key]?: number };

/** By the names of tokenization-scorer, which turns the sign where less is better. */
function metricOf(frequencies: Float64Array, { params }: GoldenCase): number {
  const alpha = numberOf(params.alpha ?? params.power ?? 3);
  const vocabularySize = optional("vocabularySize", params.vocab ?? params.vocabularySize);
  const metric = textOf(params.metric);
  switch (metric) {
    case "renyi":
    case "renyi_efficiency":
      return renyiEfficiency(frequencies, { alpha, ...vocabularySize });
    case "renyi_entropy":
      return renyiEntropy(frequencies, { alpha });
    case "shannon":
    case "shannon_efficiency":
      return shannonEfficiency(frequencies, vocabularySize);
    case "entropy":
    case "shannon_entropy":
      return shannonEntropy(frequencies);
    case "gowda":
    case "perc_freq":
    case "percentile_freq":
      return percentileFrequency(frequencies, {
        ...optional("start", params.percentileStart),
        ...optional("end", params.percentileEnd),
      });
    case "bits":
      return -fixedLengthBits(frequencies);
    case "sequence_len":
    case "sequence_length":
    case "seq_len":
    case "document_length":
    case "doc_len":
      return -frequencies.reduce((sum, count) => sum + count, 0);
    default:
      throw new MissingError(`no metric is called ${metric}`);
  }
}

export const tokenizerMeasureCases: Record<string, CaseRunner> = {
  async "tokenizer-metrics"(golden, context) {
    const text = new TextDecoder().decode(await bytesOf(golden.inputs.tokens, context));
    const tokens = text.split(/\s+/).filter((token) => token !== "");
    return { value: metricOf(tokenFrequencies(tokens), golden) };
  },
  async "classify-vocabulary"({ inputs }) {
    const { classes } = classifyVocabulary(inputs.tokens as readonly string[]);
    return { classes: classes.map(({ category, kind }) => [category, kind]) };
  },
};
