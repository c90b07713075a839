/**
 * Walks over the characters of a text by their classes.
 *
 * Shapes   a class with 16 added stands for a character of two units; masks have bit c for class c
 * Cost     one table read a character
 */
import { type CharacterClasses, NONE, OTHER } from "./classes.js";

export interface Characters {
  /** Class of the character at `at`, NONE behind the end. */
  at(text: string, at: number, end: number): number;
  /** End of the run, from `at` on, of characters whose class is in `mask`. */
  run(text: string, at: number, end: number, mask: number): number;
  /** End of at most `most` characters of class `found`; 0: as many as there are. */
  few(text: string, at: number, end: number, found: number, most: number): number;
}

export function characters({ units, index, pages }: CharacterClasses): Characters {
  function wide(text: string, at: number, end: number): number {
    const high = text.charCodeAt(at);
    const low = at + 1 < end ? text.charCodeAt(at + 1) : 0;
    if (high >= 0xdc00 || (low & 0xfc00) !== 0xdc00) return OTHER;
    const code = 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
    return pages[index[code >> 6]! * 64 + (code & 63)]! | 16;
  }

  function classAt(text: string, at: number, end: number): number {
    if (at >= end) return NONE;
    const unit = text.charCodeAt(at);
    return (unit & 0xf800) === 0xd800 ? wide(text, at, end) : units[unit]!;
  }

  return {
    at: classAt,
    run(text, from, end, mask) {
      let at = from;
      while (at < end) {
        const unit = text.charCodeAt(at);
        const found = (unit & 0xf800) === 0xd800 ? wide(text, at, end) : units[unit]!;
        if (((mask >> (found & 15)) & 1) === 0) break;
        at += 1 + (found >> 4);
      }
      return at;
    },
    few(text, from, end, wanted, most) {
      let at = from;
      for (let count = 0; at < end && (most === 0 || count < most); count++) {
        const found = classAt(text, at, end);
        if ((found & 15) !== wanted) break;
        at += 1 + (found >> 4);
      }
      return at;
    },
  };
}
