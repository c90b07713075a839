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
  return (bytes, at, end) => {
    if (bytes[at] === 39) {
      const behind = contraction(bytes, at, end, false);
      if (behind > at) return behind;
    }
    const first = classAt(bytes, at, end);
    let found = first & 15;
    let next = at + 1 + (first >> 4);
    if (found === SPACE) {
      const second = classAt(bytes, next, end);
      const kind = second & 15;
      if ((LETTERS >> kind) & 1 || (REST >> kind) & 1 || (kind === NUMBER && !numbersApart)) {
        found = kind;
        next += 1 + (second >> 4);
      }
    }
    if ((LETTERS >> found) & 1) return run(bytes, next, end, LETTERS);
    if (found === NUMBER) return numbersApart ? next : run(bytes, next, end, numbers);
    if ((REST >> found) & 1) return run(bytes, next, end, REST);
    return whitespace(characters, bytes, at, end, false, numbersApart ? numbers : 0);
  };
}
