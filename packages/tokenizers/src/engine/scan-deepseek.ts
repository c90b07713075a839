/**
 * Splits as DeepSeek V3 does: numbers and ideographs are cut out first, then the rest is split.
 *
 * Paper    none: `\p{N}{1,3}`, then `[一-龥぀-ゟ゠-ヿ]+`, then ASCII punctuation with `[A-Za-z]+`|
 *          `[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
 * Needs    classes with the ideographs apart
 * Cost     one pass
 */
import type { Characters } from "./characters.js";
import * as classes from "./classes.js";
import { bits, LETTERS, lineEnds, type Scan, whitespace } from "./common.js";

export function deepseekScan(characters: Characters, digits: number): Scan {
  const { at: classAt, run, few } = characters;
  const letters = LETTERS | bits(classes.MARK);
  const symbols = bits(classes.SLASH, classes.SYMBOL);
  const ideographs = bits(classes.IDEOGRAPH);
  const stops = ideographs | bits(classes.NUMBER);

  /** Characters that no pattern matches make one piece, up to where a match begins. */
  function unmatched(bytes: Uint8Array, from: number, end: number): number {
    let at = from;
    for (;;) {
      const found = classAt(bytes, at, end);
      const next = at + 1 + (found >> 4);
      if ((found & 15) !== classes.OTHER) return at;
      if ((letters >> (classAt(bytes, next, end) & 15)) & 1) return at;
      at = next;
    }
  }

  return (bytes, at, end) => {
    const first = classAt(bytes, at, end);
    const found = first & 15;
    if ((letters >> found) & 1) return run(bytes, at, end, letters);
    if (found === classes.NUMBER) return few(bytes, at, end, classes.NUMBER, digits);
    if (found === classes.IDEOGRAPH) return run(bytes, at, end, ideographs);
    const next = at + 1 + (first >> 4);
    const isSymbol = (symbols >> found) & 1;
    if (isSymbol && bytes[at]! < 0x80 && next < end && isAsciiLetter(bytes, next))
      return asciiLetters(bytes, next, end);
    const second = classAt(bytes, next, end) & 15;
    if (!isSymbol && found !== classes.LINE && (letters >> second) & 1)
      return run(bytes, next, end, letters);
    if (isSymbol || (found === classes.SPACE && (symbols >> second) & 1))
      return lineEnds(bytes, run(bytes, next, end, symbols), end, false);
    if (found === classes.OTHER) return unmatched(bytes, next, end);
    return whitespace(characters, bytes, at, end, true, stops);
  };
}

function isAsciiLetter(bytes: Uint8Array, at: number): boolean {
  const folded = bytes[at]! | 32;
  return folded >= 97 && folded <= 122;
}

function asciiLetters(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && isAsciiLetter(bytes, at)) at++;
  return at;
}
