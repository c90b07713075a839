/** What a model was made of, by its kind. */
import type { BpeParts } from "./bpe.js";
import type { SentencePieceBpeParts } from "./sentencepiece-bpe.js";
import type { UnigramParts } from "./unigram.js";

export type ModelOrigin =
  | { readonly kind: "bpe"; readonly parts: BpeParts }
  | { readonly kind: "sentencepiece-bpe"; readonly parts: SentencePieceBpeParts }
  | { readonly kind: "unigram"; readonly parts: UnigramParts };
