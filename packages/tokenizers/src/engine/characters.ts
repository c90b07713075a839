/**
 * Walks over the characters of a text in UTF-8 by their classes.
 *
 * Shapes   a class with 16, 32 or 48 added stands for a character of two, three or four bytes; masks have bit c for class c
 * Needs    whole characters, as TextEncoder gives them
 * Cost     one table read a character of ASCII, three for any other
 */
import { type CharacterClasses, NONE } from "./classes.js";

export interface Characters {
  /** Class of the character at `at`, NONE behind the end. */
  at(bytes: Uint8Array, at: number, end: number): number;
  /** End of the run, from `at` on, of characters whose class is in `mask`. */
  run(bytes: Uint8Array, at: number, end: number, mask: number): number;
  /** End of at most `most` characters of class `found`; 0: as many as there are. */
  few(bytes: Uint8Array, at: number, end: number, found: number, most: number): number;
}

export function characters({ index, pages }: CharacterClasses): Characters {
  const ascii = new Uint8Array(128);
  for (let code = 0; code < 128; code++) ascii[code] = pages[index[code >> 6]! * 64 + (code & 63)]!;

  function wide(bytes: Uint8Array, at: number): number {
    const first = bytes[at]!;
    const low = bytes[at + 1]! & 63;
    if (first < 0xe0) return pages[index[first & 31]! * 64 + low]! | 16;
    const next = bytes[at + 2]! & 63;
    if (first < 0xf0) return pages[index[((first & 15) << 6) | low]! * 64 + next]! | 32;
    const page = index[((first & 7) << 12) | (low << 6) | next]!;
    return pages[page * 64 + (bytes[at + 3]! & 63)]! | 48;
  }

  function classAt(bytes: Uint8Array, at: number, end: number): number {
    if (at >= end) return NONE;
    const byte = bytes[at]!;
    return byte < 0x80 ? ascii[byte]! : wide(bytes, at);
  }

  return {
    at: classAt,
    run(bytes, from, end, mask) {
      let at = from;
      while (at < end) {
        const byte = bytes[at]!;
        const found = byte < 0x80 ? ascii[byte]! : wide(bytes, at);
        if (((mask >> (found & 15)) & 1) === 0) break;
        at += 1 + (found >> 4);
      }
      return at;
    },
    few(bytes, from, end, wanted, most) {
      let at = from;
      for (let count = 0; at < end && (most === 0 || count < most); count++) {
        const found = classAt(bytes, at, end);
        if ((found & 15) !== wanted) break;
        at += 1 + (found >> 4);
      }
      return at;
    },
  };
}
