/**
 * The class of every character, as the patterns of byte-level tokenizers tell them apart.
 *
 * Shapes   units [65536] u8: the class of each UTF-16 unit; index [17408] u16, pages [P, 64] u8: the class of code point
 *          c is `pages[index[c >> 6] * 64 + (c & 63)]`
 * Cost     one pass over the runs of unicode-runs.ts, about 1 ms; 120 kB
 * Differs  characters are those of Unicode 16.0, as in Hugging Face tokenizers; surrogates are class OTHER
 */
import { type CodePointPages, expandRuns, paged } from "../text/code-point-pages.js";
import { rangesOf, SINCE_17 } from "../text/unicode-age.js";
import { UNICODE_RUNS } from "./unicode-runs.js";

export const OTHER = 0;
export const MARK = 1;
export const UPPER = 2;
export const LOWER = 3;
export const LETTER = 4;
export const NUMBER = 5;
/** Carriage return and line feed. */
export const LINE = 6;
export const WHITESPACE = 7;
export const SPACE = 8;
export const SLASH = 9;
/** Punctuation and symbols but for the slash. */
export const SYMBOL = 10;
/** The Chinese and Japanese characters that DeepSeek sets apart; only in the classes made for it. */
export const IDEOGRAPH = 11;
/** No character: the end of the text. */
export const NONE = 15;

export interface CharacterClasses extends CodePointPages {
  readonly units: Uint8Array;
}

/** First and last code point of the characters that stand apart: `[一-龥぀-ゟ゠-ヿ]`. */
const APART: readonly (readonly [number, number])[] = [
  [0x4e00, 0x9fa5],
  [0x3040, 0x309f],
  [0x30a0, 0x30ff],
];

export function characterClasses(ideographsApart: boolean): CharacterClasses {
  const all = expandRuns(UNICODE_RUNS, (letter) => letter.charCodeAt(0) - 65);
  for (const [first, last] of rangesOf(SINCE_17)) all.fill(OTHER, first, last + 1);
  if (ideographsApart) for (const [first, last] of APART) all.fill(IDEOGRAPH, first, last + 1);
  return { units: all.slice(0, 0x10000), ...paged(all) };
}
