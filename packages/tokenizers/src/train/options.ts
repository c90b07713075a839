/**
 * Checks the options that trainers share.
 *
 * Errors   ArgumentError that names the trainer and the option
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { ADDED_TOKEN_LENGTH_LIMIT, ID_LIMIT, REPLACEMENT_LENGTH_LIMIT } from "../limits.js";
import type { WordCounts } from "./word-counts.js";

const VOCABULARY_SIZE = 30_000;

export function vocabularySize(where: string, value: number | undefined): number {
  const size = whole(where, "vocabularySize", value, VOCABULARY_SIZE);
  if (size < 1 || size > ID_LIMIT)
    throw new ArgumentError(where, "vocabularySize", `in 1..${ID_LIMIT}`, size);
  return size;
}

/** A whole number from 0 up; the fallback where it is absent or null. */
export function whole(
  where: string,
  name: string,
  value: number | null | undefined,
  fallback: number,
): number {
  if (value === undefined || value === null) return fallback;
  if (!Number.isSafeInteger(value) || value < 0)
    throw new ArgumentError(where, name, "a whole number from 0 up", value);
  return value;
}

/** A whole number from 1 up to a limit; the fallback where it is absent or null. */
export function between(
  where: string,
  name: string,
  value: number | null | undefined,
  fallback: number,
  most: number,
): number {
  const given = whole(where, name, value, fallback);
  if (given < 1 || given > most) throw new ArgumentError(where, name, `in 1..${most}`, given);
  return given;
}

/** What a pruning leaves: above 0, below 1. */
export function shrinkingFactor(
  where: string,
  value: number | undefined,
  fallback: number,
): number {
  const factor = value ?? fallback;
  if (factor > 0 && factor < 1) return factor;
  throw new ArgumentError(where, "shrinkingFactor", "a number above 0 and below 1", factor);
}

/** A short text, "" where it is absent or null. */
export function text(where: string, name: string, value: string | null | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string" || value.length > REPLACEMENT_LENGTH_LIMIT)
    throw new ArgumentError(
      where,
      name,
      `a text of at most ${REPLACEMENT_LENGTH_LIMIT} characters`,
      value,
    );
  return value;
}

export function specialTokens(
  where: string,
  tokens: readonly string[] | undefined,
): readonly string[] {
  if (tokens === undefined) return [];
  const isToken = (token: unknown): boolean =>
    typeof token === "string" && token !== "" && token.length <= ADDED_TOKEN_LENGTH_LIMIT;
  const wrong = Array.isArray(tokens) ? tokens.find((token) => !isToken(token)) : tokens;
  if (wrong !== undefined)
    throw new ArgumentError(
      where,
      "specialTokens",
      `texts of 1..${ADDED_TOKEN_LENGTH_LIMIT} characters`,
      wrong,
    );
  return tokens;
}

/** At least one word, and counts whose sum over all characters stays exact. */
export function checkWords(where: string, words: WordCounts): void {
  let total = 0;
  for (const [word, count] of words) {
    if (typeof word !== "string" || !Number.isSafeInteger(count) || count < 0)
      throw new ArgumentError(where, `words[${JSON.stringify(word)}]`, "a whole number", count);
    total += count * word.length;
  }
  if (words.size === 0)
    throw new ArgumentError(where, "words", "at least one word", 0, "Count them by wordCounts.");
  if (!Number.isSafeInteger(total))
    throw new ArgumentError(where, "the sum of all counts", "below 2^53", total);
}
