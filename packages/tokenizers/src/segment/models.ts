/** A loaded tokenizer with another way to segment. */
import { ArgumentError, CapabilityError } from "@frugal/tensor/errors";
import type { Model } from "../models/bpe.js";
import type { UnigramParts } from "../models/unigram.js";
import { makeTokenizer } from "../tokenizer.js";
import { partsOf } from "../tokenizer-parts.js";
import type { Tokenizer } from "../types.js";

/** The same tokenizer around another model; it takes the general path. */
export function withModel(tokenizer: Tokenizer, model: Model, where: string): Tokenizer {
  const path = { name: "general", reason: `${where} has no machine of its own` } as const;
  return makeTokenizer({ ...partsOf(tokenizer, where), model, engine: null, path });
}

export function unigramParts(tokenizer: Tokenizer, where: string): UnigramParts {
  const { origin } = partsOf(tokenizer, where).model;
  if (origin?.kind === "unigram") return origin.parts;
  throw new CapabilityError(
    where,
    ["the scores of a Unigram model"],
    "A BPE model samples by withDropout.",
  );
}

export function randomSource(random: () => number, where: string): () => number {
  if (typeof random === "function") return random;
  throw new ArgumentError(where, "random", "a function that gives numbers in [0, 1)", random);
}
