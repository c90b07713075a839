/**
 * Splits as GPT-2 does: src/engine/scan-gpt2.ts on UTF-8.
 *
 * Shapes   a place before the end of the text  ->  the end of the piece
 */
import { classAt, classBefore, isIn, LETTERS, NUMBER, reach, REST, SPACE, width } from "./characters";
import { contraction, letterRun, run, whitespace } from "./runs";

export function scanGpt2(at: usize, end: usize, numbersApart: bool): usize {
  if (load<u8>(at) == 39) {
    reach(at);
    const behind = contraction(at, end, false);
    if (behind > at) return behind;
  }
  let found = classAt(at);
  let next = at + width;
  if (found == SPACE) {
    const second = classBefore(next, end);
    if (isIn(LETTERS | REST, second) || (second == NUMBER && !numbersApart)) {
      found = second;
      next += width;
    }
  }
  if (isIn(LETTERS, found)) return letterRun(next, end, LETTERS);
  if (found == NUMBER) {
    if (!numbersApart) return run(next, end, 1 << NUMBER);
    reach(next);
    return next;
  }
  if (isIn(REST, found)) return run(next, end, REST);
  return whitespace(at, end, false, numbersApart ? 1 << NUMBER : 0);
}
