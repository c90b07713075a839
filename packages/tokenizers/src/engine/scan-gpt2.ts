/**
 * Splits as GPT-2 does.
 *
 * Paper    none: `'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` of the GPT-2 release
 * Cost     one pass
 */
import type { Characters } from "./characters.js";
import { NUMBER, SPACE } from "./classes.js";
import { bits, contraction, LETTERS, REST, type Scan, whitespace } from "./common.js";

export function gpt2Scan(characters: Characters, numbersApart: boolean): Scan {
  const { at: classAt, run } = characters;
  const numbers = bits(NUMBER);
  return (text, at, end) => {
    if (text.charCodeAt(at) === 39) {
      const behind = contraction(text, at, end, false);
      if (behind > at) return behind;
    }
    const first = classAt(text, at, end);
    let found = first & 15;
    let next = at + 1 + (first >> 4);
    if (found === SPACE) {
      const second = classAt(text, next, end);
      const kind = second & 15;
      if ((LETTERS >> kind) & 1 || (REST >> kind) & 1 || (kind === NUMBER && !numbersApart)) {
        found = kind;
        next += 1 + (second >> 4);
      }
    }
    if ((LETTERS >> found) & 1) return run(text, next, end, LETTERS);
    if (found === NUMBER) return numbersApart ? next : run(text, next, end, numbers);
    if ((REST >> found) & 1) return run(text, next, end, REST);
    return whitespace(characters, text, at, end, false, numbersApart ? numbers : 0);
  };
}
