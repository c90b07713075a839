/**
 * Knows bytes that become one symbol before anything beside them can take part of them, so that merging starts from
 * there: most characters of two and three bytes, most frequent pairs of letters.
 *
 * Shapes   before [256, 256] u32: the least rank of a merge of a symbol that ends in the first byte with the second byte;
 *          behind [256, 256] u32: of the first byte with a symbol that begins with the second; wide [65536] u32: rank of
 *          the last merge that makes a character of three bytes, by its code point
 * Needs    a merge comes behind all merges that make its halves; where one does not, nothing is sure
 * Order    a merge of rank r is sure where no merge across its two ends has a rank up to r: those of rank up to r then go
 *          on within it and outside it, in any order with the same outcome
 */
import { allocate, mark, release } from "./memory";
import { byteId, bytePair, NEVER, productOf, rankOf } from "./pairs";
import { tokenLength, tokenStart } from "./vocabulary";

let before: usize = 0;
let behind: usize = 0;
let wide: usize = 0;

const TABLE: usize = 65536 * 4;

// @ts-ignore: decorator
@inline
function lower(table: usize, at: u32, rank: u32): void {
  const place = table + ((<usize>at) << 2);
  if (rank < load<u32>(place)) store<u32>(place, rank);
}

// @ts-ignore: decorator
@inline
function get(table: usize, at: u32): u32 {
  return load<u32>(table + ((<usize>at) << 2));
}

export function makeSure(): bool {
  before = allocate(TABLE);
  behind = allocate(TABLE);
  wide = allocate(TABLE);
  return before != 0 && behind != 0 && wide != 0;
}

let made: usize = 0;
// Of symbols of two bytes: the least rank of a merge that takes them as its right half, as its left half.
let asRight: usize = 0;
let asLeft: usize = 0;
let scratch: usize = 0;
let inOrder: bool = false;

/** First of four steps, when the pairs of tokens 0..size - 1 are known: `noteMade`, `noteRivals` on all merges, `endSure`. */
export function beginSure(size: u32): bool {
  scratch = mark();
  inOrder = true;
  made = allocate((<usize>size) << 2);
  asRight = allocate(TABLE);
  asLeft = allocate(TABLE);
  if (made == 0 || asRight == 0 || asLeft == 0) return false;
  memory.fill(wide, 0xff, TABLE);
  memory.fill(made, 0, (<usize>size) << 2);
  memory.fill(before, 0xff, TABLE);
  memory.fill(behind, 0xff, TABLE);
  memory.fill(asRight, 0xff, TABLE);
  memory.fill(asLeft, 0xff, TABLE);
  return true;
}

/** `count` merges at `from`, each left, right, rank, product u32. */
export function noteMade(from: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const entry = from + ((<usize>i) << 4);
    const place = made + ((<usize>load<u32>(entry, 12)) << 2);
    store<u32>(place, max(load<u32>(place), load<u32>(entry, 8) + 1));
  }
}

/** The same merges again, when all were noted. */
export function noteRivals(from: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const entry = from + ((<usize>i) << 4);
    const left = load<u32>(entry);
    const right = load<u32>(entry, 4);
    const rank = load<u32>(entry, 8);
    if (get(made, left) > rank || get(made, right) > rank) inOrder = false;
    const leftLength = tokenLength(left);
    const rightLength = tokenLength(right);
    // A token that stands for no bytes is in no text.
    if (leftLength == 0 || rightLength == 0) continue;
    const leftEnd = tokenStart(left) + leftLength;
    const rightStart = tokenStart(right);
    if (rightLength == 1)
      lower(before, ((<u32>load<u8>(leftEnd - 1)) << 8) | load<u8>(rightStart), rank);
    if (leftLength == 1)
      lower(behind, ((<u32>load<u8>(leftEnd - 1)) << 8) | load<u8>(rightStart), rank);
    if (rightLength == 2) lower(asRight, load<u16>(rightStart), rank);
    if (leftLength == 2) lower(asLeft, load<u16>(leftEnd - 2), rank);
  }
}

export function endSure(): void {
  if (!inOrder) {
    memory.fill(before, 0, TABLE);
    memory.fill(behind, 0, TABLE);
    release(scratch);
    return;
  }
  for (let code: u32 = 0x800; code < 0x10000; code++) {
    const a = 0xe0 | (code >> 12);
    const b = 0x80 | ((code >> 6) & 63);
    const c = 0x80 | (code & 63);
    const first = bytePair(a | (b << 8));
    const second = bytePair(b | (c << 8));
    if (first == second) continue; // neither merges
    let last: u32;
    let rival: u32;
    if (first < second) {
      last = rankOf(productOf(first), byteId(c));
      rival = get(asRight, a | (b << 8));
    } else {
      last = rankOf(byteId(a), productOf(second));
      rival = get(asLeft, b | (c << 8));
    }
    if (last < rival) store<u32>(wide + ((<usize>code) << 2), last);
  }
  release(scratch);
}

/** Whether no merge across the ends of the bytes from `at` to `to` has a rank up to `rank`. */
// @ts-ignore: decorator
@inline
function isSure(at: usize, to: usize, start: usize, end: usize, rank: u32): bool {
  if (at > start && get(before, ((<u32>load<u8>(at - 1)) << 8) | load<u8>(at)) <= rank) return false;
  return to >= end || get(behind, ((<u32>load<u8>(to - 1)) << 8) | load<u8>(to)) > rank;
}

/** Rank of a sure merge of the two bytes at `at`, of a piece from `start` to `end`; else NEVER. */
// @ts-ignore: decorator
@inline
export function surePair(at: usize, start: usize, end: usize): u32 {
  if (at + 1 >= end) return NEVER;
  const rank = bytePair(load<u16>(at));
  return rank != NEVER && isSure(at, at + 2, start, end, rank) ? rank : NEVER;
}

/** The same of the three bytes at `at`, the first of which begins a character of three bytes. */
// @ts-ignore: decorator
@inline
export function sureCharacter(at: usize, start: usize, end: usize): u32 {
  if (at + 2 >= end) return NEVER;
  const b: u32 = load<u8>(at, 1);
  const c: u32 = load<u8>(at, 2);
  if ((b & 0xc0) != 0x80 || (c & 0xc0) != 0x80) return NEVER;
  const rank = get(wide, ((<u32>load<u8>(at) & 15) << 12) | ((b & 63) << 6) | (c & 63));
  return rank != NEVER && isSure(at, at + 3, start, end, rank) ? rank : NEVER;
}
