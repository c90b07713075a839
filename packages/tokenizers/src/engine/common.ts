/** What the machines of all families share: masks, whitespace, contractions. */
import type { Characters } from "./characters.js";
import * as classes from "./classes.js";

/** Gives the end of the piece that begins at `at`; behind `at` always, `end` at most. */
export type Scan = (text: string, at: number, end: number) => number;

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
  text: string,
  start: number,
  end: number,
  lines: boolean,
  stop: number,
): number {
  let at = start;
  let line = 0;
  let found = classAt(text, at, end);
  while ((SPACES >> found) & 1) {
    at++; // every whitespace character is one unit
    if (found === classes.LINE) line = at;
    found = classAt(text, at, end);
  }
  if (lines && line > 0) return line;
  if (at >= end || at - start < 2 || (stop >> (found & 15)) & 1) return at;
  return at - 1;
}

/** End of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` at `at`; `at` where there is none. U+017F is a small s. */
export function contraction(text: string, at: number, end: number, anyCase: boolean): number {
  if (at + 1 >= end || text.charCodeAt(at) !== 39) return at;
  const first = letter(text.charCodeAt(at + 1), anyCase);
  if (first === 115 || first === 116 || first === 109 || first === 100) return at + 2;
  if (at + 2 >= end) return at;
  const second = letter(text.charCodeAt(at + 2), anyCase);
  const isTwo =
    ((first === 114 || first === 118) && second === 101) || (first === 108 && second === 108);
  return isTwo ? at + 3 : at;
}

function letter(unit: number, anyCase: boolean): number {
  if (!anyCase) return unit;
  return unit < 0x80 ? unit | 32 : unit === 0x17f ? 115 : 0;
}

export function lineEnds(text: string, from: number, end: number, slashes: boolean): number {
  let at = from;
  for (; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 10 && unit !== 13 && !(slashes && unit === 47)) break;
  }
  return at;
}
