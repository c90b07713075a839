/** Trainers whose vocabularies have encoders of their own: what they write is JSON for `segment`. */
import {
  trainBoundlessBpe,
  trainLib,
  trainPathPiece,
  trainPickyBpe,
  wordCounts,
} from "@frugal/tokenizers/train";
import { numberOf } from "./methods.js";
import type { TrainContext, Trainer } from "./train.js";
import { checkKeys, job } from "./train-options.js";
import { withoutLineFeeds } from "./train-unigram.js";

const picky: Trainer = {
  name: "picky",
  about: "PickyBPE, takes tokens out again, written as JSON: threshold=0.9, coverage=0.9999",
  async run(context) {
    checkKeys(context, "picky", ["threshold", "coverage"]);
    const words = await wordCounts(withoutLineFeeds(context.lines()), {
      preTokenizer: { type: "WhitespaceSplit" },
      ...job(context),
    });
    const trained = await trainPickyBpe(words, {
      threshold: numberOf(context, "threshold", 0.9),
      coverage: numberOf(context, "coverage", 0.9999),
      vocabularySize: context.vocabularySize,
      specialTokens: ["<UNK>"],
      ...job(context),
    });
    return JSON.stringify({ type: "picky", ...trained });
  },
};

const boundless: Trainer = {
  name: "boundless",
  about: "BoundlessBPE, tokens over several words, written as JSON: tau=0.9",
  async run(context) {
    checkKeys(context, "boundless", ["tau"]);
    const trained = await trainBoundlessBpe(context.lines(), {
      tau: numberOf(context, "tau", 0.9),
      vocabularySize: context.vocabularySize,
      ...job(context),
    });
    return JSON.stringify({ type: "boundless", ...trained });
  },
};

const LIB_KEYS = ["memoryIn", "memoryOut", "updateRate", "life", "maxLength", "miniGap"];

const lib: Trainer = {
  name: "lib",
  about: `LiB, chunks learnt by reading, a paragraph a document, written as JSON: ${LIB_KEYS.join(", ")}`,
  async run(context) {
    checkKeys(context, "lib", LIB_KEYS);
    const trained = await trainLib(await paragraphs(context), {
      ...settingsOf(context),
      random: context.random,
      ...job(context),
    });
    return JSON.stringify({ type: "lib", ...trained });
  },
};

async function paragraphs(context: TrainContext): Promise<string[][]> {
  const found: string[][] = [[]];
  for await (const line of withoutLineFeeds(context.lines())) {
    if (line.trim() !== "") found.at(-1)!.push(line);
    else if (found.at(-1)!.length > 0) found.push([]);
  }
  return found;
}

const PATH_KEYS = ["maxTokenLength", "minFrequency", "seedSize", "shrinkingFactor"];

const pathPiece: Trainer = {
  name: "path-piece",
  about: `PathPiece, takes tokens out of all runs of bytes, written as JSON: ${PATH_KEYS.join(", ")}`,
  async run(context) {
    checkKeys(context, "path-piece", PATH_KEYS);
    const words = await wordCounts(context.lines(), { pattern: "gpt2", ...job(context) });
    const { vocabulary, rounds } = await trainPathPiece(words, {
      ...settingsOf(context),
      vocabularySize: context.vocabularySize,
      ...job(context),
    });
    return JSON.stringify({ type: "path-piece", vocabulary, rounds });
  },
};

const settingsOf = (context: TrainContext): Record<string, number> =>
  Object.fromEntries(Object.keys(context.options).map((key) => [key, numberOf(context, key, 0)]));

export const VARIANT_TRAINERS: readonly Trainer[] = [picky, boundless, lib, pathPiece];
