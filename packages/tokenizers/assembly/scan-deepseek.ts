/**
 * Splits as DeepSeek V3 does: src/engine/scan-deepseek.ts on UTF-8.
 *
 * Shapes   a place before the end of the text  ->  the end of the piece
 * Needs    classes with the ideographs apart
 */
import {
  classAt,
  classBefore,
  IDEOGRAPH,
  isIn,
  LETTERS,
  LINE,
  NUMBER,
  OTHER,
  reach,
  SPACE,
  width,
} from "./characters";
import { asciiRun, few, letterRun, lineEnds, run, whitespace } from "./runs";

const WORD: u32 = LETTERS | 1 << 1;
const SYMBOLS: u32 = 1 << 9 | 1 << 10;
const STOPS: u32 = 1 << 11 | 1 << 5;

function unmatched(from: usize, end: usize): usize {
  let at = from;
  while (classBefore(at, end) == OTHER) {
    const next = at + width;
    if (isIn(WORD, classBefore(next, end))) break;
    at = next;
  }
  reach(min(at + 4, end));
  return at;
}

export function scanDeepseek(at: usize, end: usize, digits: u32): usize {
  const found = classAt(at);
  if (isIn(WORD, found)) return letterRun(at, end, WORD);
  if (found == NUMBER) return few(at, end, NUMBER, digits);
  if (found == IDEOGRAPH) return run(at, end, 1 << IDEOGRAPH);
  const next = at + width;
  const isSymbol = isIn(SYMBOLS, found);
  if (isSymbol && width == 1) {
    const behind = asciiRun(next, end, 0x20);
    if (behind > next) {
      reach(behind);
      return behind;
    }
  }
  const second = classBefore(next, end);
  if (!isSymbol && found != LINE && isIn(WORD, second)) return letterRun(next, end, WORD);
  if (isSymbol || (found == SPACE && isIn(SYMBOLS, second)))
    return lineEnds(run(next, end, SYMBOLS), end, false);
  if (found == OTHER) return unmatched(next, end);
  return whitespace(at, end, true, STOPS);
}
