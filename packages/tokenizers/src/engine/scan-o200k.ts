/**
 * Splits as o200k does: words begin anew at a capital letter. Also Llama 4 and Mistral's Tekken.
 *
 * Paper    none: with U = `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`, W = `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`, C the contractions:
 *          `[^\r\n\p{L}\p{N}]?U*W+C?|[^\r\n\p{L}\p{N}]?U+W*C?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|
 *          \s+(?!\S)|\s+`; Tekken has no C and numbers of one digit
 * Cost     one pass; capitals behind a letter without case are read twice
 */
import type { Characters } from "./characters.js";
import { LETTER, LINE, LOWER, MARK, NUMBER, SPACE, UPPER } from "./classes.js";
import { bits, contraction, LETTERS, lineEnds, REST, type Scan, whitespace } from "./common.js";

export function o200kScan(characters: Characters, digits: number, contractions: boolean): Scan {
  const { at: classAt, run, few } = characters;
  const inWord = LETTERS | bits(MARK);
  const lowers = bits(LOWER, LETTER, MARK);

  const tail = (bytes: Uint8Array, at: number, end: number): number =>
    contractions && bytes[at] === 39 ? contraction(bytes, at, end, true) : at;

  /** `U*W+`, or where that fails `U+`; `onlyCapitals`: give 0 in place of the latter. */
  function word(bytes: Uint8Array, start: number, end: number, onlyCapitals: boolean): number {
    let at = start;
    let last = 0;
    for (;;) {
      const found = classAt(bytes, at, end);
      const kind = found & 15;
      if (kind === LOWER) return tail(bytes, run(bytes, at, end, lowers), end);
      if (kind !== UPPER && kind !== LETTER && kind !== MARK) break;
      at += 1 + (found >> 4);
      if (kind !== UPPER) last = at;
    }
    // `U*` gives back down to the last character that `W` takes as well.
    if (last > 0) return tail(bytes, last, end);
    return onlyCapitals ? tail(bytes, at, end) : 0;
  }

  return (bytes, at, end) => {
    const first = classAt(bytes, at, end);
    const found = first & 15;
    if ((LETTERS >> found) & 1) return word(bytes, at, end, true);
    if (found === NUMBER) return few(bytes, at, end, NUMBER, digits);
    const next = at + 1 + (first >> 4);
    const second = classAt(bytes, next, end) & 15;
    const leads = (inWord >> second) & 1;
    if (found === MARK) {
      // As a prefix, if a word with small letters follows; else it is a word of its own.
      const behind = leads ? word(bytes, next, end, false) : 0;
      return behind > 0 ? behind : tail(bytes, next, end);
    }
    if (found !== LINE && leads) return word(bytes, next, end, true);
    if ((REST >> found) & 1 || (found === SPACE && (REST >> second) & 1))
      return lineEnds(bytes, run(bytes, next, end, REST), end, true);
    return whitespace(characters, bytes, at, end, true, 0);
  };
}
