/** The measures of a comparison, in the order of its table: what they are called, and which way is better. */
import type { TokenizerComparison, TokenizerMetrics } from "@frugal/tokenizers/measure";

export interface Measure {
  readonly name: string;
  /** Absent: neither. */
  readonly better?: "higher" | "lower";
  value(comparison: TokenizerComparison): number;
  text(value: number): string;
}

const whole = (value: number): string => String(Math.round(value));
const plain = (value: number): string => value.toFixed(3);
export const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;

type Row = readonly [
  name: string,
  better: Measure["better"],
  value: (metrics: TokenizerMetrics) => number,
  text: Measure["text"],
];

const ROWS: readonly Row[] = [
  ["bytes a token", "higher", (m) => m.bytesPerToken, plain],
  ["characters a token", "higher", (m) => m.charactersPerToken, plain],
  ["tokens a word, in the text", "lower", (m) => m.fertility, plain],
  ["tokens a word, alone", "lower", (m) => m.words.plain.fertility, plain],
  ["tokens a word, behind a space", "lower", (m) => m.words.spaced.fertility, plain],
  ["split words, alone", "lower", (m) => m.words.plain.continuedRate, percent],
  ["split words, behind a space", "lower", (m) => m.words.spaced.continuedRate, percent],
  ["words of one token, alone", "higher", (m) => m.words.plain.singleTokenRetention, percent],
  [
    "words of one token, behind a space",
    "higher",
    (m) => m.words.spaced.singleTokenRetention,
    percent,
  ],
  ["unknown tokens", "lower", (m) => m.unknownRate, percent],
  ["bits a byte of the best unigram model", "lower", (m) => m.unigramBitsPerByte, plain],
  ["bits a token", undefined, (m) => m.entropy, plain],
  ["Shannon efficiency, tokens in use", "higher", (m) => m.efficiency.shannon.observed, plain],
  ["Shannon efficiency, vocabulary", "higher", (m) => m.efficiency.shannon.full, plain],
  ["Rényi efficiency, tokens in use", "higher", (m) => m.efficiency.renyi.observed, plain],
  ["Rényi efficiency, vocabulary", "higher", (m) => m.efficiency.renyi.full, plain],
  ["share of tokens of middle rank", "higher", (m) => m.percentileFrequency, percent],
  ["vocabulary", undefined, (m) => m.vocabularySize, whole],
  ["vocabulary in use", undefined, (m) => m.vocabularyUse, percent],
];

/** `reference`: the tokenizer that lengths are compared with. */
export function measuresOf(reference: string): Measure[] {
  return [
    { name: "tokens", better: "lower", value: ({ metrics }) => metrics.tokens, text: whole },
    {
      name: `tokens over those of ${reference}`,
      better: "lower",
      value: ({ normalizedLength }) => normalizedLength,
      text: plain,
    },
    ...ROWS.map(([name, better, value, text]) => ({
      name,
      ...(better === undefined ? {} : { better }),
      value: ({ metrics }: TokenizerComparison) => value(metrics),
      text,
    })),
  ];
}

/** The places of the best values; none where all are alike, as they are shown, or no way is better. */
export function bestOf({ better, text }: Measure, values: readonly number[]): Set<number> {
  const shown = values.map(text);
  if (better === undefined || new Set(shown).size === 1) return new Set();
  const best = text(better === "higher" ? Math.max(...values) : Math.min(...values));
  return new Set(shown.flatMap((value, i) => (value === best ? [i] : [])));
}
