/**
 * What splitting into words asks of each character, by code point.
 *
 * Shapes   a class is one u16: the Word_Break property of UAX #29 in bits 0-4, the kind in bits 5-6, flags above
 * Cost     one pass over the runs of word-class-runs.ts, about 1 ms; 50 kB
 * Differs  the Unicode version is that of the runs, not the host's; lone surrogates have class 0
 */
import { type CodePointPages, expandRuns, paged } from "../../text/code-point-pages.js";
import { WORD_CLASS_LETTERS, WORD_CLASS_RUNS } from "./word-class-runs.js";

/** The Word_Break property; what is none of these is 0. */
export const BREAK = 31;
export const CR = 1;
export const LF = 2;
export const NEWLINE = 3;
export const EXTEND = 4;
export const FORMAT = 5;
export const ZWJ = 6;
export const WSEG_SPACE = 7;
export const A_LETTER = 8;
export const HEBREW_LETTER = 9;
export const NUMERIC = 10;
export const KATAKANA = 11;
export const EXTEND_NUM_LET = 12;
export const MID_LETTER = 13;
export const MID_NUM = 14;
export const MID_NUM_LET = 15;
export const SINGLE_QUOTE = 16;
export const DOUBLE_QUOTE = 17;
export const REGIONAL_INDICATOR = 18;

/** Of these a character is one at most. */
export const KIND = 96;
export const PUNCTUATION = 32;
export const LOWER = 64;
export const UPPER = 96;

export const WHITE_SPACE = 128;
export const PICTOGRAPH = 256;

export interface WordClasses extends CodePointPages {
  /** The class behind each number of the pages. */
  readonly classes: Uint16Array;
}

export function wordClasses(): WordClasses {
  const numbers = new Map(WORD_CLASS_LETTERS.map(([letter], i) => [letter, i]));
  return {
    classes: Uint16Array.from(WORD_CLASS_LETTERS, ([, found]) => found),
    ...paged(expandRuns(WORD_CLASS_RUNS, (letter) => numbers.get(letter)!)),
  };
}
