/** What the machines of all families share: masks, whitespace, contractions. */
import type { Characters } from "./characters.js";
import * as classes from "./classes.js";

/**
 * Gives the end of the piece that begins at `at`, in a text in UTF-8; behind `at` always, `end` at most. No piece has a
 * space behind a character that is not whitespace: long texts are cut there.
 */
export type Scan = (bytes: Uint8Array, at: number, end: number) => number;

export const bits = (...members: readonly number[]): number =>
  members.reduce((mask, member) => mask | (1 << member), 0);

export const LETTERS: number = /* @__PURE__ */ bits(classes.UPPER, classes.LOWER, classes.LETTER);
export const SPACES: number = /* @__PURE__ */ bits(classes.LINE, classes.WHITESPACE, classes.SPACE);
/** Neither whitespace nor letter nor number. */
export const REST: number = /* @__PURE__ */ bits(
  classes.OTHER,
  classes.MARK,
  classes.SLASH,
  classes.SYMBOL,
);

/**
 * `\s*[\r\n]+|\s+(?!\S)|\s+` at a whitespace character; without `lines` only the last two. Characters of `stop` count as
 * the end of the text.
 */
export function whitespace(
  { at: classAt }: Characters,
  bytes: Uint8Array,
  start: number,
  end: number,
  lines: boolean,
  stop: number,
  wholeTail = false,
): number {
  let at = start;
  let last = start;
  let line = 0;
  let found = classAt(bytes, at, end);
  while ((SPACES >> (found & 15)) & 1) {
    last = at;
    at += 1 + (found >> 4);
    if (found === classes.LINE) line = at;
    found = classAt(bytes, at, end);
  }
  if (wholeTail && at >= end) return at;
  if (lines && line > 0) return line;
  if (at >= end || last === start || (stop >> (found & 15)) & 1) return at;
  return last;
}

/** End of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` at `at`; `at` where there is none. U+017F is a small s. */
export function contraction(bytes: Uint8Array, at: number, end: number, anyCase: boolean): number {
  if (at + 1 >= end || bytes[at] !== 39) return at;
  const first = letter(bytes[at + 1]!, anyCase);
  if (first === 115 || first === 116 || first === 109 || first === 100) return at + 2;
  if (at + 2 >= end) return at;
  if (anyCase && bytes[at + 1] === 0xc5 && bytes[at + 2] === 0xbf) return at + 3;
  const second = letter(bytes[at + 2]!, anyCase);
  const isTwo =
    ((first === 114 || first === 118) && second === 101) || (first === 108 && second === 108);
  return isTwo ? at + 3 : at;
}

const letter = (byte: number, anyCase: boolean): number =>
  anyCase && byte < 0x80 ? byte | 32 : byte;

export function lineEnds(bytes: Uint8Array, from: number, end: number, slashes: boolean): number {
  let at = from;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte !== 10 && byte !== 13 && !(slashes && byte === 47)) break;
  }
  return at;
}
