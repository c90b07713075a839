/**
 * Finds where a word ends by Unicode's rules, without dictionaries.
 *
 * Paper    none (Unicode Standard Annex 29, word boundaries, rules WB1 to WB999)
 * Cost     O(units of the word); what a rule reads ahead is read twice at most
 * Differs  the host's segmenter cuts Thai, Khmer, Lao, Chinese and Japanese by dictionaries; these rules do not. A letter
 *          in a circle or square that a joiner ties to what is before it counts as a picture only, as in the Rust
 *          crate unicode-segmentation, and not as a letter too
 */
import * as is from "./word-classes.js";

/** Where the word that begins at `start` ends. A boundary stands before `start`; rules do not look behind it. */
export function wordEnd(text: string, start: number, table: is.WordClasses): number {
  let code = text.codePointAt(start)!;
  /** The character before, and the last two that count (rule WB4 passes over marks). */
  let before = breakOf(classAt(code, table));
  let last = before;
  let lastButOne = 0;
  /** Regional indicators so far go in pairs. */
  let isPair = false;
  for (let at = start + width(code); at < text.length; at += width(code)) {
    code = text.codePointAt(at)!;
    const found = classAt(code, table);
    const current = breakOf(found);
    if (before === is.CR) return current === is.LF ? at + 1 : at;
    if (isLine(before) || isLine(current)) return at;
    const isPictograph = before === is.ZWJ && (found & is.PICTOGRAPH) !== 0;
    const isJoined = isPictograph || (before === is.WSEG_SPACE && current === is.WSEG_SPACE);
    before = current;
    if (!isJoined) {
      if (isPassedOver(current)) continue;
      if (!joins(lastButOne, last, current, text, at + width(code), table)) {
        if (current !== is.REGIONAL_INDICATOR || last !== is.REGIONAL_INDICATOR || isPair)
          return at;
        isPair = true;
      }
    }
    lastButOne = last;
    last = isPictograph ? 0 : current;
  }
  return text.length;
}

export const width = (code: number): number => (code > 0xffff ? 2 : 1);

export function classAt(code: number, { index, pages, classes }: is.WordClasses): number {
  return classes[pages[index[code >> 6]! * 64 + (code & 63)]!]!;
}

const breakOf = (found: number): number => found & is.BREAK;
const isLine = (b: number): boolean => b === is.LF || b === is.NEWLINE || b === is.CR;
const isPassedOver = (b: number): boolean => b === is.EXTEND || b === is.FORMAT || b === is.ZWJ;
const isLetter = (b: number): boolean => b === is.A_LETTER || b === is.HEBREW_LETTER;
const isMidBoth = (b: number): boolean => b === is.MID_NUM_LET || b === is.SINGLE_QUOTE;
const isMidLetter = (b: number): boolean => b === is.MID_LETTER || isMidBoth(b);
const isMidNumber = (b: number): boolean => b === is.MID_NUM || isMidBoth(b);

/** The first character from `from` on that counts; 0 at the end. */
function following(text: string, from: number, table: is.WordClasses): number {
  for (let at = from; at < text.length; ) {
    const code = text.codePointAt(at)!;
    const found = breakOf(classAt(code, table));
    if (!isPassedOver(found)) return found;
    at += width(code);
  }
  return 0;
}

/** Rules WB5 to WB13b: whether no boundary lies between `b` and `c`, with `a` before them and `after` behind. */
function joins(
  a: number,
  b: number,
  c: number,
  text: string,
  after: number,
  table: is.WordClasses,
): boolean {
  if (isLetter(b)) {
    if (isLetter(c) || c === is.NUMERIC || c === is.EXTEND_NUM_LET) return true;
    if (b === is.HEBREW_LETTER) {
      if (c === is.SINGLE_QUOTE) return true;
      if (c === is.DOUBLE_QUOTE) return following(text, after, table) === is.HEBREW_LETTER;
    }
    return isMidLetter(c) && isLetter(following(text, after, table));
  }
  switch (b) {
    case is.NUMERIC:
      if (isLetter(c) || c === is.NUMERIC || c === is.EXTEND_NUM_LET) return true;
      return isMidNumber(c) && following(text, after, table) === is.NUMERIC;
    case is.KATAKANA:
      return c === is.KATAKANA || c === is.EXTEND_NUM_LET;
    case is.EXTEND_NUM_LET:
      return isLetter(c) || c === is.NUMERIC || c === is.KATAKANA || c === is.EXTEND_NUM_LET;
    case is.DOUBLE_QUOTE:
      return a === is.HEBREW_LETTER && c === is.HEBREW_LETTER;
    default:
      return (
        (isLetter(a) && isMidLetter(b) && isLetter(c)) ||
        (a === is.NUMERIC && isMidNumber(b) && c === is.NUMERIC)
      );
  }
}
