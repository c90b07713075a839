/**
 * The normalizer of SentencePiece: symbols that stay, character map, spaces, marks for spaces.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226
 * Shapes   a unit's span reaches from where its rule matched to where the next unit's did, as in the original
 * Cost     O(n times the longest rule)
 */
import type { Prefixes } from "../models/prefixes.js";
import { type AlignedText, startAt } from "../text/aligned.js";
import type { Charsmap } from "./charsmap.js";

export interface SentencePieceRules {
  readonly charsmap: Charsmap | null;
  readonly dummyPrefix: boolean;
  readonly trimSpaces: boolean;
  readonly escapeSpaces: boolean;
  readonly suffixMark: boolean;
  /** Symbols that are copied as they stand. */
  readonly userDefined: Prefixes | null;
}

export const MARK = "\u2581";

export function sentencePieceNormalized(from: AlignedText, rules: SentencePieceRules): AlignedText {
  const { text } = from;
  const bytes = rules.charsmap === null ? EMPTY_BYTES : new TextEncoder().encode(text);
  const parts: string[] = [];
  const starts: number[] = [];
  const mark = rules.escapeSpaces ? MARK : " ";
  let at = 0;
  let byteAt = 0;
  let width = 0;

  /** What stands for the text at `at`, of which it takes `width` units. */
  function next(): string {
    width = rules.userDefined?.match(text, at) ?? 0;
    if (width > 0) return text.slice(at, at + width);
    width = text.codePointAt(at)! > 0xffff ? 2 : 1;
    if (rules.charsmap !== null) {
      const content = rules.charsmap.find(bytes, byteAt, bytes.length, true);
      if (content !== undefined) {
        width = unitsOf(bytes, byteAt, byteAt + rules.charsmap.matched);
        return content;
      }
    }
    return text.slice(at, at + width);
  }

  /** Goes on behind what `next` took. */
  const advance = (): void => {
    for (const end = at + width; at < end; at++) byteAt += bytesOfUnit(text.charCodeAt(at));
  };

  const put = (content: string): void => {
    parts.push(content);
    for (let i = 0; i < content.length; i++) starts.push(at);
  };

  if (rules.trimSpaces) while (at < text.length && next() === " ") advance();
  if (at >= text.length) return { text: "", base: from.base, starts: EMPTY, ends: EMPTY };
  if (rules.dummyPrefix && !rules.suffixMark) put(mark);
  let afterSpace = rules.trimSpaces;
  while (at < text.length) {
    let content = next();
    if (afterSpace) content = content.replace(/^ +/, "");
    if (content !== "") {
      put(rules.escapeSpaces ? content.replaceAll(" ", MARK) : content);
      afterSpace = content.endsWith(" ");
    }
    advance();
    if (!rules.trimSpaces) afterSpace = false;
  }
  const whole = parts.join("");
  let length = whole.length;
  if (rules.trimSpaces) while (length > 0 && whole[length - 1] === mark) length--;
  if (length < whole.length) at = starts[length]!;
  starts.length = length;
  if (!rules.dummyPrefix || !rules.suffixMark)
    return aligned(from, whole.slice(0, length), starts, at);
  starts.push(at);
  return aligned(from, whole.slice(0, length) + mark, starts, at);
}

const EMPTY = new Uint32Array(0);
const EMPTY_BYTES = new Uint8Array(0);

/** Half of a pair takes two of its four bytes. */
const bytesOfUnit = (code: number): number =>
  code < 0x80 ? 1 : code < 0x800 || (code & 0xf800) === 0xd800 ? 2 : 3;

function aligned(from: AlignedText, text: string, starts: number[], end: number): AlignedText {
  starts.push(end);
  const places = Uint32Array.from(starts, (unit) => placeOf(from, unit));
  const ends = places.slice(1);
  // The high half of a pair ends where the low half does.
  for (let i = 0; i + 1 < text.length; i++)
    if (text.codePointAt(i)! > 0xffff) ends[i] = ends[i + 1]!;
  return { text, base: from.base, starts: places.subarray(0, text.length), ends };
}

const placeOf = (from: AlignedText, unit: number): number =>
  from.starts === null ? from.base + unit : startAt(from, Math.min(unit, from.text.length - 1));

/** UTF-16 units of some bytes of UTF-8. */
function unitsOf(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let i = start; i < end; i++)
    if ((bytes[i]! & 0xc0) !== 0x80) units += bytes[i]! >= 0xf0 ? 2 : 1;
  return units;
}
