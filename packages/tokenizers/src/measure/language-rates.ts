/**
 * Measures the share of tokens that are words of a language, and the share that are its roots and affixes.
 *
 * Paper    %TR and %Pure, arXiv:2502.07057
 * Shapes   tokens as text  ->  rate over the distinct ones, or over all
 * Units    shares 0..1 (the paper gives percent)
 * Cost     O(tokens); each distinct token is asked about once
 * Differs  the paper's formulas divide by all tokens and its tables by the distinct ones: that is the default here; it asks an
 *          analyser on the web where a list or a function is given here; nothing over nothing is 0
 * Errors   ArgumentError: a token that is no string
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { ratio } from "./word-costs.js";

/** A list, or a function that decides. It is asked without the mark of a word's start. */
export type TokenTest = ReadonlySet<string> | ((token: string) => boolean);

export interface RateOptions {
  /** Each token once, however often it occurs. Default: true. */
  readonly unique?: boolean;
}

export interface TokenRate {
  readonly rate: number;
  readonly valid: number;
  readonly tokens: number;
}

/** %TR: `isWord` knows words and their inflected parts. */
export const languageTokenRate = (
  tokens: Iterable<string>,
  isWord: TokenTest,
  options: RateOptions = {},
): TokenRate => rateOf("languageTokenRate", tokens, isWord, options);

/** %Pure: `isAtomic` knows roots and affixes. */
export const pureTokenRate = (
  tokens: Iterable<string>,
  isAtomic: TokenTest,
  options: RateOptions = {},
): TokenRate => rateOf("pureTokenRate", tokens, isAtomic, options);

function rateOf(
  where: string,
  tokens: Iterable<string>,
  test: TokenTest,
  { unique = true }: RateOptions,
): TokenRate {
  const isValid = typeof test === "function" ? test : (token: string) => test.has(token);
  const known = new Map<string, boolean>();
  let all = 0;
  let valid = 0;
  for (const token of tokens) {
    if (typeof token !== "string") {
      throw new ArgumentError(where, "a token", "a string", token);
    }
    let answer = known.get(token);
    const isNew = answer === undefined;
    if (answer === undefined) {
      const text = withoutMark(token);
      answer = text !== "" && isValid(text);
      known.set(token, answer);
    }
    if (unique && !isNew) continue;
    all++;
    if (answer) valid++;
  }
  return { rate: ratio(valid, all), valid, tokens: all };
}

/** Word starts of SentencePiece, byte-level BPE and plain text; the inner parts of WordPiece. */
const withoutMark = (token: string): string =>
  token.length > 2 && token.startsWith("##") ? token.slice(2) : token.replace(/^[▁Ġ ]+/, "");
