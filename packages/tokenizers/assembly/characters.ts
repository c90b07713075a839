/**
 * The class of the character at a place of a UTF-8 text.
 *
 * Shapes   pages [P, 64] u8, index [17408] u16: as in src/engine/classes.ts; ascii [128] u8
 * Errors   none: the text is whole characters, with room to read behind it
 */
export const OTHER: u32 = 0;
export const MARK: u32 = 1;
export const UPPER: u32 = 2;
export const LOWER: u32 = 3;
export const LETTER: u32 = 4;
export const NUMBER: u32 = 5;
export const LINE: u32 = 6;
export const WHITESPACE: u32 = 7;
export const SPACE: u32 = 8;
export const SLASH: u32 = 9;
export const SYMBOL: u32 = 10;
export const IDEOGRAPH: u32 = 11;
export const NONE: u32 = 15;

export const LETTERS: u32 = 1 << 2 | 1 << 3 | 1 << 4;
export const SPACES: u32 = 1 << 6 | 1 << 7 | 1 << 8;
/** Neither whitespace nor letter nor number. */
export const REST: u32 = 1 << 0 | 1 << 1 | 1 << 9 | 1 << 10;

let index: usize = 0;
let pages: usize = 0;
let ascii: usize = 0;
/** Bytes of the character that `classAt` has looked at last. */
export let width: usize = 1;
/** The furthest byte that the current piece was looked at for. */
export let reached: usize = 0;

/** `asciiClasses`: 128 bytes of the caller's, which this fills. */
export function setClasses(classIndex: usize, classPages: usize, asciiClasses: usize): void {
  index = classIndex;
  pages = classPages;
  ascii = asciiClasses;
  for (let code: usize = 0; code < 128; code++)
    store<u8>(ascii + code, load<u8>(pages + ((<usize>load<u16>(index + ((code >> 6) << 1))) << 6) + (code & 63)));
}

// @ts-ignore: decorator
@inline
export function reach(place: usize): void {
  reached = place;
}

// @ts-ignore: decorator
@inline
function inPage(page: u32, code: u32): u32 {
  return load<u8>(pages + ((<usize>load<u16>(index + ((<usize>page) << 1))) << 6) + (code & 63));
}

// @ts-ignore: decorator
@inline
function tail(from: usize, at: usize): u32 {
  return load<u8>(from + at) & 63;
}

function wideClassAt(from: usize, first: u32): u32 {
  if (first < 0xe0) {
    width = 2;
    return inPage(first & 31, tail(from, 1));
  }
  if (first < 0xf0) {
    width = 3;
    return inPage(((first & 15) << 6) | tail(from, 1), tail(from, 2));
  }
  width = 4;
  return inPage(((first & 7) << 12) | (tail(from, 1) << 6) | tail(from, 2), tail(from, 3));
}

// @ts-ignore: decorator
@inline
export function classAt(from: usize): u32 {
  const first: u32 = load<u8>(from);
  if (first < 0x80) {
    width = 1;
    return load<u8>(ascii + first);
  }
  return wideClassAt(from, first);
}

/** NONE at the end of the text. */
// @ts-ignore: decorator
@inline
export function classBefore(from: usize, end: usize): u32 {
  return from < end ? classAt(from) : NONE;
}

// @ts-ignore: decorator
@inline
export function isIn(mask: u32, found: u32): bool {
  return ((mask >> found) & 1) != 0;
}
