/**
 * Settings that go together: how to split a kind of text, how to train on it, what to put around the model.
 *
 * Paper    characters: KL3M, arXiv:2503.17247; dna: DNABERT-2, arXiv:2306.15006; code: none
 * Shapes   a name  ->  parts for `wordCounts`, `trainBpe` and `tokenizerFile`
 * Differs  characters: the alphabet is that of the bytes, where KL3M begins with the characters up to U+00FE; nothing is
 *          replaced in the texts. dna: texts are split at whitespace, which is no part of a sequence
 * Errors   ArgumentError: a name that is none
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { byteAlphabet } from "./alphabet.js";
import type { TrainBpeOptions } from "./bpe.js";

export const TRAINING_PRESETS = ["code", "dna", "characters"] as const;

export type TrainingPresetName = (typeof TRAINING_PRESETS)[number];

export interface TrainingPreset {
  readonly normalizer: object | null;
  readonly preTokenizer: object;
  readonly decoder: object;
  readonly postProcessor: object | null;
  readonly options: TrainBpeOptions;
  /** The token for characters that the alphabet lacks. */
  readonly unknownToken: string | null;
}

/** Spread it over `wordCounts` and `tokenizerFile`, and `options` over `trainBpe`. */
export function trainingPreset(name: TrainingPresetName): TrainingPreset {
  switch (name) {
    case "code":
      return code();
    case "dna":
      return dna();
    case "characters":
      return characters();
    default:
      throw new ArgumentError("trainingPreset", "name", TRAINING_PRESETS.join(", "), name);
  }
}

/** Digits one by one, camelCase in parts, indentation as tokens; the marks of filling in the middle. */
function code(): TrainingPreset {
  const upper = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  const lower = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  const before = "[^\\r\\n\\p{L}\\p{N}]?";
  const Regex =
    `${before}${upper}*${lower}+|${before}${upper}+${lower}*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|` +
    "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  const names = ["endoftext", "fim_prefix", "fim_middle", "fim_suffix"];
  return {
    normalizer: null,
    preTokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    postProcessor: null,
    options: {
      initialAlphabet: byteAlphabet(),
      specialTokens: names.map((token) => `<|${token}|>`),
    },
    unknownToken: null,
  };
}

/** Sequences whole; a vocabulary of 4096 between the marks of BERT. */
function dna(): TrainingPreset {
  const specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
  const [cls, sep] = ["[CLS]", "[SEP]"].map((id) => ({ SpecialToken: { id, type_id: 0 } }));
  const sequence = (id: string, type_id: number) => ({ Sequence: { id, type_id } });
  const known = (id: string) => ({ id, ids: [specialTokens.indexOf(id)], tokens: [id] });
  return {
    normalizer: null,
    preTokenizer: { type: "WhitespaceSplit" },
    decoder: { type: "Fuse" },
    postProcessor: {
      type: "TemplateProcessing",
      single: [cls, sequence("A", 0), sep],
      pair: [cls, sequence("A", 0), sep, sequence("B", 1), sep],
      special_tokens: { "[CLS]": known("[CLS]"), "[SEP]": known("[SEP]") },
    },
    options: { vocabularySize: 4096, initialAlphabet: [..."ACGNT"], specialTokens },
    unknownToken: "[UNK]",
  };
}

/** Tokens of at most three characters: their bounds stay where they are when a text has errors. */
function characters(): TrainingPreset {
  const bytes = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    normalizer: { type: "NFKC" },
    preTokenizer: bytes,
    decoder: bytes,
    postProcessor: null,
    options: { maxTokenLength: 4, minFrequency: 10, initialAlphabet: byteAlphabet() },
    unknownToken: null,
  };
}

/**
 * Runs of spaces and of line feeds, in turn, ever longer, that fill a vocabulary up to the next power of two, as KL3M does;
 * for `addedTokens` of `tokenizerFile`, with `special: false`.
 */
export function paddingTokens(vocabulary: readonly string[]): readonly string[] {
  const known = new Set(vocabulary);
  const tokens: string[] = [];
  const size = 2 ** Math.ceil(Math.log2(Math.max(1, vocabulary.length)));
  for (let i = 0; vocabulary.length + tokens.length < size; i++) {
    const token = (i % 2 === 0 ? " " : "\n").repeat(2 + (i >> 1));
    if (!known.has(token)) tokens.push(token);
  }
  return tokens;
}
