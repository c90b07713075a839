/**
 * Reads the options of an encoding.
 *
 * Errors   ArgumentError: not a string, too long, a special token that is refused, a count that is none
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { AddedToken } from "../added-tokens.js";
import { TEXT_LENGTH_LIMIT } from "../limits.js";
import type { EncodeOptions } from "../types.js";

/** The text with U+FFFD for each lone surrogate; positions stay. */
export function wellFormed(text: string, argument = "text"): string {
  if (typeof text !== "string") throw new ArgumentError("encode", argument, "a string", text);
  if (text.length > TEXT_LENGTH_LIMIT)
    throw new ArgumentError(
      "encode",
      argument,
      `at most ${TEXT_LENGTH_LIMIT} characters long`,
      text.length,
      "Encode it in parts.",
    );
  return isWellFormed(text) ? text : text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** Strings of the newer hosts know it, ten times as fast as the pattern finds it. */
const isWellFormed = (text: string & { isWellFormed?(): boolean }): boolean =>
  text.isWellFormed?.() ?? !/\p{Surrogate}/u.test(text);

/** Which added tokens are plain text; throws for those that are refused. */
export function textTest(options: EncodeOptions): (token: AddedToken) => boolean {
  const isText = chosen(options.specialTokensAsText ?? false);
  const isRefused = chosen(options.refuseSpecialTokens ?? false);
  return (token) => {
    if (isRefused(token))
      throw new ArgumentError(
        "encode",
        "text",
        "free of the special tokens that are refused",
        token.content,
        "Read it as text with specialTokensAsText.",
      );
    return isText(token);
  };
}

function chosen(which: boolean | readonly string[]): (token: AddedToken) => boolean {
  if (which === false) return () => false;
  if (which === true) return (token) => token.special;
  const names = new Set(which);
  return (token) => token.special && names.has(token.content);
}

export function tokenLimit({ maxTokens }: EncodeOptions): number {
  if (maxTokens === undefined) return Number.POSITIVE_INFINITY;
  if (!Number.isInteger(maxTokens) || maxTokens < 0)
    throw new ArgumentError("encode", "maxTokens", "a whole number from 0 up", maxTokens);
  return maxTokens;
}
