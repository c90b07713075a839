/**
 * Splits as cl100k does, and with it Llama 3, Qwen 2 and Qwen 3.
 *
 * Paper    none: `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|
 *          \s+(?!\S)|\s+`; numbers of one digit for Qwen; marks within words for Qwen 3.5
 *          The pattern of tiktoken: `\s++$` before the line ends
 * Cost     one pass; the whitespace before the last character of a run is read twice
 */
import type { Characters } from "./characters.js";
import { LINE, MARK, NUMBER, SPACE } from "./classes.js";
import { bits, contraction, LETTERS, lineEnds, REST, type Scan, whitespace } from "./common.js";
import type { Grammar } from "./grammar.js";

export function cl100kScan(
  characters: Characters,
  { digits, marksInWords, wholeTail }: Pick<Grammar, "digits" | "marksInWords" | "wholeTail">,
): Scan {
  const { at: classAt, run, few } = characters;
  const letters = marksInWords ? LETTERS | bits(MARK) : LETTERS;
  const rest = REST & ~letters;
  return (bytes, at, end) => {
    const first = classAt(bytes, at, end);
    const found = first & 15;
    if ((letters >> found) & 1) return run(bytes, at, end, letters);
    if (found === NUMBER) return few(bytes, at, end, NUMBER, digits);
    if (bytes[at] === 39) {
      const behind = contraction(bytes, at, end, true);
      if (behind > at) return behind;
    }
    const next = at + 1 + (first >> 4);
    const second = classAt(bytes, next, end) & 15;
    if (found !== LINE && (letters >> second) & 1) return run(bytes, next, end, letters);
    if ((rest >> found) & 1 || (found === SPACE && (rest >> second) & 1))
      return lineEnds(bytes, run(bytes, next, end, rest), end, false);
    return whitespace(characters, bytes, at, end, true, 0, wholeTail);
  };
}
