/**
 * Encodes by BPE with merges left out at random.
 *
 * Paper    BPE-dropout, arXiv:1910.13267
 * Units    `probability` that a merge is left out: 0 gives the ids of `encode`, 1 single symbols
 * Needs    a tokenizer with a BPE model
 * Cost     O(n log n) for a piece of n symbols where little is left out, O(n^2) at worst; no cache of words
 * Differs  see `DropoutVariant`; default is the variant of the model's own program
 * Errors   ArgumentError: a probability outside 0..1, an unknown variant, no random source; CapabilityError: another model
 */
import { ArgumentError, CapabilityError } from "@frugal/tensor/errors";
import { bpe } from "../models/bpe.js";
import type { DropoutVariant } from "../models/dropout.js";
import { neighborPairs } from "../models/rank-pairs.js";
import { sentencePieceBpe } from "../models/sentencepiece-bpe.js";
import { partsOf } from "../tokenizer-parts.js";
import type { Tokenizer } from "../types.js";
import { randomSource, withModel } from "./models.js";

export interface DropoutOptions {
  /** Default: `sentencepiece` for a SentencePiece model, otherwise `hugging-face`. */
  readonly variant?: DropoutVariant;
  /** Gives numbers in [0, 1), evenly. */
  readonly random: () => number;
}

const VARIANTS: readonly DropoutVariant[] = ["paper", "hugging-face", "sentencepiece"];

/** A tokenizer whose every encoding leaves other merges out. */
export function withDropout(
  tokenizer: Tokenizer,
  probability: number,
  options: DropoutOptions,
): Tokenizer {
  if (!(probability >= 0 && probability <= 1))
    throw new ArgumentError("withDropout", "probability", "a number in 0..1", probability);
  const { origin } = partsOf(tokenizer, "withDropout").model;
  if (origin === undefined || origin.kind === "unigram")
    throw new CapabilityError(
      "withDropout",
      ["the merges of a BPE model"],
      "A Unigram model samples by withSampling.",
    );
  const isOwn = origin.kind === "sentencepiece-bpe";
  const variant = options.variant ?? (isOwn ? "sentencepiece" : "hugging-face");
  if (!VARIANTS.includes(variant))
    throw new ArgumentError("withDropout", "variant", VARIANTS.join(", "), variant);
  const random = randomSource(options.random, "withDropout");
  const dropout = probability === 0 ? null : { probability, variant, random };
  if (origin.kind === "sentencepiece-bpe")
    return withModel(tokenizer, sentencePieceBpe({ ...origin.parts, dropout }), "withDropout");
  const { parts } = origin;
  const model = bpe({
    ...parts,
    dropout,
    ignoreMerges: dropout === null && parts.ignoreMerges,
    pairs: dropout !== null && parts.anyNeighbors ? neighborPairs(parts.vocabulary) : parts.pairs,
  });
  return withModel(tokenizer, model, "withDropout");
}
