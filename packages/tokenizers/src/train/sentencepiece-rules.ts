/**
 * Which runs of characters may be a piece.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226 (the rules of its trainer)
 * Cost     O(characters of the run)
 * Differs  scripts are those of the host's Unicode
 */
import { MARK } from "../normalizers/sentencepiece.js";
import { ANY, COMMON, INHERITED, scriptFinder } from "../pre-tokenizers/scripts.js";
import type { SentencePieceSpec } from "./sentencepiece-options.js";

/** Stands for characters that get no piece. */
export const RARE = "\u2585";
/** Stands for pieces that are not learned. */
export const CUT = "\t";

const MARK_CODE = MARK.codePointAt(0)!;
const NEVER: readonly number[] = [RARE, CUT, " ", "\0"].map((text) => text.codePointAt(0)!);

const isDigit = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0xff10 && code <= 0xff19);

export function pieceRules(
  spec: SentencePieceSpec,
): (codes: ArrayLike<number>, start: number, end: number) => boolean {
  const { maxPieceLength, splitByWhitespace, treatWhitespaceAsSuffix } = spec;
  const { splitByUnicodeScript, splitByNumber, splitDigits, allowWhitespaceOnlyPieces } = spec;
  const scriptOf = scriptFinder();

  /** A mark at the front or at the back; inside too where pieces may reach over spaces. */
  function isMarkAllowed(at: number, length: number): boolean {
    const last = length - 1;
    if (treatWhitespaceAsSuffix) return splitByWhitespace ? at === last : at !== 0 || at === last;
    return splitByWhitespace ? at === 0 : at !== last || at === 0;
  }

  return (codes, start, end) => {
    const length = end - start;
    if (length < 1 || length > maxPieceLength) return false;
    let onlyMarks = allowWhitespaceOnlyPieces;
    for (let i = start; i < end && onlyMarks; i++) onlyMarks = codes[i] === MARK_CODE;
    let last = ANY;
    for (let i = start; i < end; i++) {
      const code = codes[i]!;
      if (NEVER.includes(code)) return false;
      if (code === MARK_CODE) {
        if (!onlyMarks && !isMarkAllowed(i - start, length)) return false;
        continue;
      }
      const digit = isDigit(code);
      if (digit && splitDigits && length > 1) return false;
      let script = scriptOf(code);
      if (script === ANY) script = COMMON;
      if (script === INHERITED) script = last;
      if (digit && !splitByNumber) script = ANY;
      if (splitByUnicodeScript && script !== ANY && last !== ANY && script !== last) return false;
      last = script;
    }
    return true;
  };
}
