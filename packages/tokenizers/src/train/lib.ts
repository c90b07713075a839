/**
 * Learns chunks by reading: what often follows one another becomes one, what helps little is forgotten.
 *
 * Paper    LiB ("Less is Better"), arXiv:2403.00417, by its released code of 2020
 * Shapes   documents of sentences  ->  chunks in the order of their priority
 * Units    memoryIn, memoryOut, updateRate: shares, 0..1; maxLength, miniGap: characters; life: documents
 * Cost     O(n L) for n characters and chunks of at most L, and O(chunks) for each chunk that is moved
 * Differs  characters enter by code point, or as given (the original goes over a set). Kept from it: one number is drawn
 *          before each chunk of at most `maxLength - 2` characters. A lexicon depends on the draws
 * Errors   ArgumentError: an option out of range, documents that are no lists of texts; the signal's reason
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { Lexicon } from "../segment/lexicon.js";
import { byCodePoint } from "../text/code-points.js";
import { LibReader } from "./lib-reader.js";
import * as options from "./options.js";
import { type JobOptions, Pace } from "./pace.js";

export interface TrainLibOptions extends JobOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The characters to begin with, in order. Default: those of the documents, by code point. */
  readonly alphabet?: readonly string[] | undefined;
  /** How often learning is tried. Default: 0.25. */
  readonly memoryIn?: number | undefined;
  /** The last share of the lexicon is to be forgotten. Default: 0.0001. */
  readonly memoryOut?: number | undefined;
  /** How far a chunk moves, as a share of its place. Default: 0.2. */
  readonly updateRate?: number | undefined;
  /** Documents that a chunk which is to be forgotten has to be of use in. Default: 10. */
  readonly life?: number | undefined;
  /** Default: 12. */
  readonly maxLength?: number | undefined;
  /** Unknown characters that may become a chunk together. Default: 2. */
  readonly miniGap?: number | undefined;
}

export interface TrainedLib {
  readonly lexicon: readonly string[];
  /** Chunks that each document added. */
  readonly learntPerDocument: readonly number[];
}

const WHERE = "trainLib";
const STEPS_A_CHARACTER = 256;

export async function trainLib(
  documents: readonly (readonly string[])[],
  given: TrainLibOptions,
): Promise<TrainedLib> {
  if (!Array.isArray(documents) || documents.some((sentences) => !isSentences(sentences)))
    throw new ArgumentError(WHERE, "documents", "lists of texts", documents);
  if (typeof given.random !== "function")
    throw new ArgumentError(WHERE, "random", "a function", given.random);
  const lexicon = new Lexicon();
  const reader = new LibReader(lexicon, {
    random: given.random,
    memoryIn: share("memoryIn", given.memoryIn, 0.25),
    memoryOut: share("memoryOut", given.memoryOut, 0.0001),
    updateRate: share("updateRate", given.updateRate, 0.2),
    life: options.whole(WHERE, "life", given.life, 10),
    maxLength: options.whole(WHERE, "maxLength", given.maxLength, 12),
    miniGap: options.whole(WHERE, "miniGap", given.miniGap, 2),
  });
  const alphabet = given.alphabet ?? [...new Set(documents.flat().join(""))].sort(byCodePoint);
  for (const character of new Set(alphabet)) reader.begin(character);
  const pace = new Pace(given);
  const learntPerDocument: number[] = [];
  for (const sentences of documents) {
    const before = lexicon.chunks.length;
    for (const sentence of sentences) {
      reader.read([...sentence]);
      if (pace.spend(sentence.length * STEPS_A_CHARACTER))
        await pace.rest("reading", learntPerDocument.length, documents.length);
    }
    learntPerDocument.push(lexicon.chunks.length - before);
    reader.settle();
  }
  pace.report("reading", documents.length, documents.length);
  return { lexicon: lexicon.chunks, learntPerDocument };
}

const isSentences = (sentences: unknown): boolean =>
  Array.isArray(sentences) && sentences.every((sentence) => typeof sentence === "string");

function share(name: string, value: number | undefined, fallback: number): number {
  const found = value ?? fallback;
  if (!(found >= 0 && found < 1)) throw new ArgumentError(WHERE, name, "in 0..1, below 1", found);
  return found;
}
