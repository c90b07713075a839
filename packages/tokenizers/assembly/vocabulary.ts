/**
 * Finds the token that has given bytes.
 *
 * Shapes   bytes u8, offsets [V + 1] u32: token t is bytes[offsets[t], offsets[t + 1]); slots [2^k] u32, of the tokens
 *          longer than near.ts keeps: 12 bits of the hash, 20 of id + 1, 0 where empty
 * Errors   none: every hit is compared byte by byte
 */
import { hashOf, same } from "./bytes";
import { mayHold, note } from "./filter";
import { allocate } from "./memory";
import { findNear, insertNear, NEAR } from "./near";

let bytes: usize = 0;
let offsets: usize = 0;
let slots: usize = 0;
let mask: u32 = 0;
let filter: usize = 0;
let filterMask: u32 = 0;
let longest: u32 = 0;

/** The caller has put `bytes` and `offsets` there, with 16 bytes of room behind the bytes. */
export function makeVocabulary(
  tokenBytes: usize,
  tokenOffsets: usize,
  bits: i32,
  filterBits: i32,
): bool {
  bytes = tokenBytes;
  offsets = tokenOffsets;
  slots = allocate((<usize>4) << bits);
  mask = (1 << bits) - 1;
  filter = allocate((<usize>1) << filterBits);
  filterMask = (1 << filterBits) - 1;
  longest = 0;
  if (slots == 0 || filter == 0) return false;
  memory.fill(slots, 0, (<usize>4) << bits);
  memory.fill(filter, 0, (<usize>1) << filterBits);
  return true;
}

// @ts-ignore: decorator
@inline
export function tokenStart(id: u32): usize {
  return bytes + load<u32>(offsets + ((<usize>id) << 2));
}

// @ts-ignore: decorator
@inline
export function tokenLength(id: u32): u32 {
  const place = offsets + ((<usize>id) << 2);
  return load<u32>(place, 4) - load<u32>(place);
}

export function insert(id: u32): void {
  const length = tokenLength(id);
  if (length <= NEAR) {
    insertNear(tokenStart(id), length, id);
    return;
  }
  const hash = hashOf(tokenStart(id), length);
  let slot = hash & mask;
  while (load<u32>(slots + ((<usize>slot) << 2)) != 0) slot = (slot + 1) & mask;
  store<u32>(slots + ((<usize>slot) << 2), (hash & 0xfff00000) | (id + 1));
  note(filter, filterMask, hash);
  longest = max(longest, length);
}

/** The id of the whole token that has these bytes, -1 where none has. */
export function find(from: usize, length: u32): i32 {
  return length <= NEAR ? findNear(from, length) : findFar(from, length);
}

export function findFar(from: usize, length: u32): i32 {
  if (length > longest) return -1;
  const hash = hashOf(from, length);
  if (!mayHold(filter, filterMask, hash)) return -1;
  let slot = hash & mask;
  while (true) {
    const entry = load<u32>(slots + ((<usize>slot) << 2));
    if (entry == 0) return -1;
    if (((entry ^ hash) & 0xfff00000) == 0) {
      const id = (entry & 0xfffff) - 1;
      if (tokenLength(id) == length && same(from, tokenStart(id), length)) return <i32>id;
    }
    slot = (slot + 1) & mask;
  }
}
