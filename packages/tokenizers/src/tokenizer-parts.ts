/**
 * Reaches the parts of a loaded tokenizer, for other ways to segment with its vocabulary.
 *
 * State    a property that no enumeration shows; tokenizers made elsewhere have none
 * Errors   ArgumentError: not a tokenizer of this package
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { TokenizerParts } from "./tokenizer.js";
import type { Tokenizer } from "./types.js";

const PARTS = /* @__PURE__ */ Symbol.for("frugal.tokenizer-parts/v1");

export function attachParts(tokenizer: Tokenizer, parts: TokenizerParts): Tokenizer {
  return Object.defineProperty(tokenizer, PARTS, { value: parts });
}

export function partsOf(tokenizer: Tokenizer, where: string): TokenizerParts {
  const parts = (tokenizer as { [PARTS]?: TokenizerParts } | null | undefined)?.[PARTS];
  if (parts === undefined)
    throw new ArgumentError(
      where,
      "tokenizer",
      "one that loadTokenizer has given",
      typeof tokenizer,
      "A copy of its members is not one.",
    );
  return parts;
}
