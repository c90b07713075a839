/** Trainers of byte-pair, WordPiece and word vocabularies; keys are the names of the trainers' options. */
import {
  byteAlphabet,
  paddingTokens,
  TRAINING_PRESETS,
  type TrainBpeOptions,
  type TrainingPreset,
  type TrainingPresetName,
  tiktokenFile,
  tokenizerFile,
  trainBpe,
  trainBpeEducational,
  trainingPreset,
  trainSuperBpe,
  trainWordLevel,
  trainWordPiece,
  wordCounts,
} from "@frugal/tokenizers/train";
import { usage } from "../failure.js";
import type { TrainContext, Trainer } from "./train.js";
import { checkKeys, job } from "./train-options.js";

const BYTES = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
const END = "<|endoftext|>";
const BPE_KEYS = ["minFrequency", "maxTokenLength", "limitAlphabet"];

/** Byte-level with the words of GPT-2. */
const PLAIN: TrainingPreset = {
  normalizer: null,
  preTokenizer: BYTES,
  decoder: BYTES,
  postProcessor: null,
  options: { initialAlphabet: byteAlphabet(), specialTokens: [END] },
  unknownToken: null,
};

function presetOf({ preset }: TrainContext): TrainingPreset {
  if (preset === undefined) return PLAIN;
  const names: readonly string[] = TRAINING_PRESETS;
  if (!names.includes(preset))
    throw usage(`no preset is called '${preset}'; there are: ${names.join(", ")}`);
  return trainingPreset(preset as TrainingPresetName);
}

/** Checks the keys, of a trainer without presets. */
function check(context: TrainContext, name: string, keys: readonly string[]): void {
  checkKeys(context, name, keys);
  if (context.preset !== undefined) throw usage(`${name} has no presets; bpe has`);
}

const optionsOf = (context: TrainContext) => ({
  ...(context.options as TrainBpeOptions),
  vocabularySize: context.vocabularySize,
  ...job(context),
});

const bytePairs: Trainer = {
  name: "bpe",
  about: `byte pairs, written as tokenizer.json; presets ${TRAINING_PRESETS.join(", ")}: ${BPE_KEYS.join(", ")}`,
  async run(context) {
    checkKeys(context, "bpe", BPE_KEYS);
    const preset = presetOf(context);
    const words = await wordCounts(context.lines(), { ...preset, ...job(context) });
    const trained = await trainBpe(words, { ...preset.options, ...optionsOf(context) });
    const filling = context.preset === "characters" ? paddingTokens(trained.vocabulary) : [];
    const file = tokenizerFile({
      ...preset,
      model: { ...trained, unknownToken: preset.unknownToken },
      addedTokens: [
        ...(preset.options.specialTokens ?? []),
        ...filling.map((content) => ({ content, special: false })),
      ],
    });
    return JSON.stringify(file);
  },
};

const superBpe: Trainer = {
  name: "super-bpe",
  about: "byte pairs within words, then across them: transition, maxWords, minFrequency",
  async run(context) {
    check(context, "super-bpe", ["transition", "maxWords", "minFrequency"]);
    const options = { specialTokens: [END], ...optionsOf(context) };
    const model = await trainSuperBpe(context.lines, options);
    const { preTokenizer } = model;
    return JSON.stringify(
      tokenizerFile({ model, preTokenizer, decoder: BYTES, addedTokens: [END] }),
    );
  },
};

const ranks: Trainer = {
  name: "tiktoken",
  about: "byte pairs as tiktoken's teaching code finds them, written as .tiktoken: pattern",
  async run(context) {
    check(context, "tiktoken", ["pattern"]);
    const pattern = String(context.options.pattern ?? "o200k");
    const words = await wordCounts(context.lines(), { pattern, ...job(context) });
    const { vocabularySize } = context;
    const { vocabulary } = await trainBpeEducational(words, { vocabularySize, ...job(context) });
    return tiktokenFile(vocabulary);
  },
};

const BERT_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

const wordPieces: Trainer = {
  name: "word-piece",
  about: `pieces of words in lower case, as BERT has them: ${BPE_KEYS.join(", ")}`,
  async run(context) {
    check(context, "word-piece", BPE_KEYS);
    const parts = {
      normalizer: {
        type: "BertNormalizer",
        clean_text: true,
        handle_chinese_chars: true,
        strip_accents: null,
        lowercase: true,
      },
      preTokenizer: { type: "BertPreTokenizer" },
    };
    const words = await wordCounts(context.lines(), { ...parts, ...job(context) });
    const model = await trainWordPiece(words, {
      specialTokens: BERT_TOKENS,
      ...optionsOf(context),
    });
    const postProcessor = { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] };
    const decoder = { type: "WordPiece", prefix: "##", cleanup: true };
    return JSON.stringify(
      tokenizerFile({ ...parts, model, postProcessor, decoder, addedTokens: BERT_TOKENS }),
    );
  },
};

const wholeWords: Trainer = {
  name: "word-level",
  about: "the most frequent words: minFrequency",
  async run(context) {
    check(context, "word-level", ["minFrequency"]);
    const preTokenizer = { type: "Whitespace" };
    const words = await wordCounts(context.lines(), { preTokenizer, ...job(context) });
    const model = trainWordLevel(words, { specialTokens: ["<unk>"], ...optionsOf(context) });
    return JSON.stringify(tokenizerFile({ model, preTokenizer, addedTokens: ["<unk>"] }));
  },
};

export const BPE_TRAINERS: readonly Trainer[] = [
  bytePairs,
  superBpe,
  ranks,
  wordPieces,
  wholeWords,
];
