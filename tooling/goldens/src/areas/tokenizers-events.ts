/** Vocabularies that are trained with removals, and encoding by what happened in training. */
import {
  boundlessBpeEncoder,
  type EventEncoder,
  libEncoder,
  pickyBpeEncoder,
} from "@frugal/tokenizers/segment";
import {
  type BoundlessEvent,
  type PickyEvent,
  trainBoundlessBpe,
  trainLib,
  trainPickyBpe,
} from "@frugal/tokenizers/train";
import type { CaseRunner, GoldenCase } from "../types.js";
import { drawsOf, jsonOf, textsOf } from "./tokenizers-files.js";

const trainPicky: CaseRunner = async ({ params, inputs }, context) => {
  const counts = (await jsonOf(inputs.wordCounts, context)) as Readonly<Record<string, number>>;
  const specialTokens = params.specialTokens as readonly string[];
  const { events, vocabulary } = await trainPickyBpe(new Map(Object.entries(counts)), {
    vocabularySize: params.vocabSize as number,
    threshold: params.threshold as number,
    coverage: params.coverage as number,
    wordStart: params.wordStart as string,
    specialTokens,
  });
  // The reference lists them by code point.
  const byCodePoint = (a: string, b: string): number =>
    Buffer.compare(Buffer.from(a), Buffer.from(b));
  return { events, vocabulary: vocabulary.slice(specialTokens.length).sort(byCodePoint) };
};

const pickyEncode: CaseRunner = async ({ params, inputs }, context) => {
  const events = (await jsonOf(inputs.events, context)) as readonly PickyEvent[];
  const unknown = params.unknown as string;
  const tokens = await textsOf(inputs.vocabulary, context);
  const encoder: EventEncoder = pickyBpeEncoder(
    { events, vocabulary: [unknown, ...tokens] },
    { wordStart: params.wordStart as string, unknown },
  );
  const texts = await textsOf(inputs.texts, context);
  return { tokens: texts.map((text) => encoder.tokenize(text)) };
};

const boundlessOptions = ({ params }: GoldenCase) => ({
  blowUp: params.blowUp as "bytes" | "pair",
  pattern: params.pattern as string,
});

const trainBoundless: CaseRunner = async (golden, context) => {
  const { params, inputs } = golden;
  const { events } = await trainBoundlessBpe(await textsOf(inputs.texts, context), {
    ...boundlessOptions(golden),
    vocabularySize: params.vocabSize as number,
    tau: params.tau as number,
  });
  return { events };
};

const boundlessEncode: CaseRunner = async (golden, context) => {
  const events = (await jsonOf(golden.inputs.events, context)) as readonly BoundlessEvent[];
  const encoder = boundlessBpeEncoder({ events, vocabulary: [] }, boundlessOptions(golden));
  const texts = await textsOf(golden.inputs.texts, context);
  return { tokens: texts.map((text) => encoder.tokenize(text)) };
};

type Documents = readonly (readonly string[])[];

const trainChunks: CaseRunner = async ({ params, inputs }, context) => {
  const number = (name: string): number => params[name] as number;
  const { lexicon, learntPerDocument } = await trainLib(
    (await jsonOf(inputs.documents, context)) as Documents,
    {
      random: await drawsOf(inputs.draws, context),
      alphabet: await textsOf(inputs.alphabet, context),
      memoryIn: number("memoryIn"),
      memoryOut: number("memoryOut"),
      updateRate: number("updateRate"),
      life: number("life"),
      maxLength: number("maxLen"),
      miniGap: number("miniGap"),
    },
  );
  return { lexicon, learntPerDocument };
};

const chunkEncode: CaseRunner = async ({ params, inputs }, context) => {
  const lexicon = await textsOf(inputs.lexicon, context);
  const { tokenize } = libEncoder(lexicon, { maxLength: params.maxLen as number });
  const documents = (await jsonOf(inputs.documents, context)) as Documents;
  return { chunks: documents.map((sentences) => sentences.map((text) => tokenize(text))) };
};

export const tokenizerEventCases: Record<string, CaseRunner> = {
  "train-picky-bpe": trainPicky,
  "picky-bpe-encode": pickyEncode,
  "train-lib": trainChunks,
  "lib-encode": chunkEncode,
  "train-boundless-bpe": trainBoundless,
  "boundless-bpe-encode": boundlessEncode,
};
