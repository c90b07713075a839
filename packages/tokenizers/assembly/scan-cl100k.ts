/**
 * Splits as cl100k does: src/engine/scan-cl100k.ts on UTF-8.
 *
 * Shapes   a place before the end of the text  ->  the end of the piece
 */
import {
  classAt,
  classBefore,
  isIn,
  LETTERS,
  LINE,
  MARK,
  NUMBER,
  reach,
  REST,
  SPACE,
  width,
} from "./characters";
import { contraction, few, letterRun, lineEnds, run, whitespace } from "./runs";

export function scanCl100k(at: usize, end: usize, digits: u32, marksInWords: bool): usize {
  const letters: u32 = marksInWords ? LETTERS | (1 << MARK) : LETTERS;
  const rest = REST & ~letters;
  const found = classAt(at);
  const next = at + width;
  if (isIn(letters, found)) return letterRun(next, end, letters);
  if (found == NUMBER) return few(at, end, NUMBER, digits);
  if (load<u8>(at) == 39) {
    reach(at);
    const behind = contraction(at, end, true);
    if (behind > at) return behind;
  }
  const second = classBefore(next, end);
  if (found != LINE && isIn(letters, second)) return letterRun(next, end, letters);
  if (isIn(rest, found) || (found == SPACE && isIn(rest, second)))
    return lineEnds(run(next, end, rest), end, false);
  return whitespace(at, end, true, 0);
}
