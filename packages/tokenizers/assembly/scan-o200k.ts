/**
 * Splits as o200k does: src/engine/scan-o200k.ts on UTF-8.
 *
 * Shapes   a place before the end of the text  ->  the end of the piece
 */
import {
  classAt,
  classBefore,
  isIn,
  LETTER,
  LETTERS,
  LINE,
  LOWER,
  MARK,
  NUMBER,
  reach,
  REST,
  SPACE,
  UPPER,
  width,
} from "./characters";
import { asciiRun, contraction, few, lineEnds, run, whitespace } from "./runs";

const LOWERS: u32 = 1 << 3 | 1 << 4 | 1 << 1;
const IN_WORD: u32 = LETTERS | 1 << 1;

// @ts-ignore: decorator
@inline
function tail(at: usize, end: usize, contractions: bool): usize {
  return contractions && at < end && load<u8>(at) == 39 ? contraction(at, end, true) : at;
}

/** `U*W+`, or where that fails `U+`; without `onlyCapitals` 0 in place of the latter. */
function word(start: usize, end: usize, contractions: bool, onlyCapitals: bool): usize {
  let at = start;
  let last: usize = 0;
  while (true) {
    const found = classBefore(at, end);
    if (found == LOWER) {
      at = run(asciiRun(at, end, 0), end, LOWERS);
      return tail(at, end, contractions);
    }
    if (found != UPPER && found != LETTER && found != MARK) break;
    at += width;
    if (found != UPPER) last = at;
  }
  reach(at);
  if (last != 0) return tail(last, end, contractions);
  return onlyCapitals ? tail(at, end, contractions) : 0;
}

export function scanO200k(at: usize, end: usize, digits: u32, contractions: bool): usize {
  const found = classAt(at);
  if (isIn(LETTERS, found)) return word(at, end, contractions, true);
  if (found == NUMBER) return few(at, end, NUMBER, digits);
  const next = at + width;
  const second = classBefore(next, end);
  const leads = isIn(IN_WORD, second);
  if (found == MARK) {
    reach(next);
    const behind = leads ? word(next, end, contractions, false) : 0;
    return behind != 0 ? behind : tail(next, end, contractions);
  }
  if (found != LINE && leads) return word(next, end, contractions, true);
  if (isIn(REST, found) || (found == SPACE && isIn(REST, second)))
    return lineEnds(run(next, end, REST), end, true);
  return whitespace(at, end, true, 0);
}
