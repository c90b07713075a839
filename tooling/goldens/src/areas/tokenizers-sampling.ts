/** Segmentations that are not the tokenizer's own: the n best, sampled ones, BPE with merges left out. */
import { createRandom } from "@frugal/tensor";
import { loadTokenizer, type Tokenizer } from "@frugal/tokenizers";
import { type DropoutVariant, nBest, withDropout, withSampling } from "@frugal/tokenizers/segment";
import { type Merge, tokenizerFile } from "@frugal/tokenizers/train";
import { type CaseRunner, type Context, type GoldenCase, numberOf, numbersOf } from "../types.js";
import { bytesOf, jsonOf, textsOf, tokenizerOf } from "./tokenizers-files.js";

const nBestCase: CaseRunner = async ({ params, inputs }, context) => {
  const tokenizer = await tokenizerOf(inputs.model, context);
  const texts = await textsOf(inputs.texts, context);
  const count = numberOf(params.nbestSize);
  const found = texts.map((text) => nBest(tokenizer, text, count, { parity: true }));
  return {
    ids: found.map((encodings) => encodings.map(({ ids }) => ids)),
    scores: found.map((encodings) => encodings.map(({ score }) => score)),
  };
};

const sampleCase: CaseRunner = async (golden, context) => {
  const { params, inputs } = golden;
  const count = numberOf(params.nbestSize);
  const sampled = withSampling(await tokenizerOf(inputs.model, context), {
    alpha: numberOf(params.alpha),
    ...(count > 0 ? { count } : {}),
    random: createRandom(1).next,
  });
  return frequencies(golden, () => sampled.encode(inputs.text as string));
};

function frequencies({ params, expect }: GoldenCase, encode: () => Uint32Array) {
  const segmentations = expect.segmentations as readonly (readonly number[])[];
  const counts = new Map<string, number>();
  const samples = numberOf(params.samples);
  for (let i = 0; i < samples; i++) {
    const key = encode().join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return {
    segmentations,
    frequencies: segmentations.map((ids) => (counts.get(ids.join()) ?? 0) / samples),
    distinct: counts.size,
  };
}

const VARIANTS: Readonly<Record<string, DropoutVariant>> = {
  official: "paper",
  hf: "hugging-face",
  sentencepiece: "sentencepiece",
};

const dropoutCase: CaseRunner = async (golden, context) => {
  const { params, inputs } = golden;
  const probability = numberOf(params.dropout);
  const variant = VARIANTS[params.variant as string]!;
  if (inputs.words !== undefined) return drawnCase(golden, context, probability, variant);
  const dropped = withDropout(await bpeOf(golden, context), probability, {
    variant,
    random: createRandom(1).next,
  });
  return frequencies(golden, () => dropped.encode((inputs.text ?? inputs.piece) as string));
};

/** A whole tokenizer, or a vocabulary with merges whose pieces are given as they are. */
async function bpeOf({ inputs }: GoldenCase, context: Context): Promise<Tokenizer> {
  const bytes = await bytesOf(inputs.model, context);
  if (bytes[0] !== 0x7b) return loadTokenizer(bytes);
  return fileOf(await jsonOf(inputs.model, context));
}

function fileOf(file: unknown, suffix: string | null = null): Promise<Tokenizer> {
  const { tokens, merges } = file as {
    readonly tokens: readonly string[];
    readonly merges: readonly Merge[];
  };
  const model = { type: "BPE", vocabulary: tokens, merges, endOfWordSuffix: suffix } as const;
  return loadTokenizer(tokenizerFile({ model }));
}

/** The numbers that the reference took are given, a list a word. */
async function drawnCase(
  { inputs }: GoldenCase,
  context: Context,
  probability: number,
  variant: DropoutVariant,
): Promise<Record<string, unknown>> {
  const suffix = inputs.endOfWordSuffix as string;
  const tokenizer = await fileOf(await jsonOf(inputs.merges, context), suffix);
  const words = inputs.words as readonly string[];
  const draws = (inputs.draws as readonly (readonly number[])[]).map(numbersOf);
  const tokens = words.map((word, i) => {
    const left = draws[i]!.slice();
    const random = (): number => {
      if (left.length === 0) throw new TypeError(`${word}: more numbers taken than the reference`);
      return left.shift()!;
    };
    const ids = withDropout(tokenizer, probability, { variant, random }).encode(word);
    if (probability > 0 && left.length > 0) throw new TypeError(`${word}: numbers are left`);
    return Array.from(ids, (id) => tokenizer.idToToken(id)!.replace(suffix, ""));
  });
  return { tokens };
}

export const tokenizerSamplingCases: Record<string, CaseRunner> = {
  "sentencepiece-nbest": nBestCase,
  "sentencepiece-sample": sampleCase,
  "bpe-dropout": dropoutCase,
};
