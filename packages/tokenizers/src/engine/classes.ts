/**
 * The class of every character, as the patterns of byte-level tokenizers tell them apart.
 *
 * Shapes   units [65536] u8: the class of each UTF-16 unit; index [17408] u16, pages [P, 64] u8: the class of code point
 *          c is `pages[index[c >> 6] * 64 + (c & 63)]`
 * Cost     one pass over the runs of unicode-runs.ts, about 1 ms; 120 kB
 * Differs  the Unicode version is that of the runs, not the host's; surrogates are class OTHER
 */
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

export interface CharacterClasses {
  readonly units: Uint8Array;
  readonly index: Uint16Array;
  readonly pages: Uint8Array;
}

const CODE_POINTS = 0x110000;
const PAGE = 64;
/** First and last code point of the characters that stand apart: `[一-龥぀-ゟ゠-ヿ]`. */
const APART: readonly (readonly [number, number])[] = [
  [0x4e00, 0x9fa5],
  [0x3040, 0x309f],
  [0x30a0, 0x30ff],
];

export function characterClasses(ideographsApart: boolean): CharacterClasses {
  const all = new Uint8Array(CODE_POINTS);
  let code = 0;
  for (const run of UNICODE_RUNS.join("").matchAll(/([A-K])([0-9a-z]*)/g)) {
    const length = run[2] === "" ? 1 : Number.parseInt(run[2]!, 36);
    all.fill(run[1]!.charCodeAt(0) - 65, code, code + length);
    code += length;
  }
  if (ideographsApart) for (const [first, last] of APART) all.fill(IDEOGRAPH, first, last + 1);
  return { units: all.slice(0, 0x10000), ...paged(all) };
}

/** Stores equal pages once (but for those whose hash meets another's). */
function paged(all: Uint8Array): { index: Uint16Array; pages: Uint8Array } {
  const index = new Uint16Array(CODE_POINTS / PAGE);
  const words = new Uint32Array(all.buffer);
  const known = new Map<number, number>();
  const pages: Uint8Array[] = [];
  for (let i = 0; i < index.length; i++) {
    const page = all.subarray(i * PAGE, (i + 1) * PAGE);
    let hash = 0;
    for (let word = (i * PAGE) / 4; word < ((i + 1) * PAGE) / 4; word++)
      hash = Math.imul(hash ^ words[word]!, 0x9e3779b1) ^ (hash >>> 15);
    let number = known.get(hash);
    if (number === undefined || pages[number]!.some((found, j) => found !== page[j])) {
      number = pages.push(page) - 1;
      known.set(hash, number);
    }
    index[i] = number;
  }
  const joined = new Uint8Array(pages.length * PAGE);
  pages.forEach((page, i) => {
    joined.set(page, i * PAGE);
  });
  return { index, pages: joined };
}
