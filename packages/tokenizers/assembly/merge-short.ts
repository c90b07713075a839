/**
 * Merges the bytes of a word of 2..64 bytes.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   keys [64] u32: rank * 64 + number of the symbol that the merge begins with, all ones where none does; ids [64]
 *          u32; symbols keep the numbers they have at the beginning
 * Cost     a vector minimum over the symbols a merge; about half of the merges are made at the beginning, see sure.ts
 * Order    least rank first, then leftmost
 */
import { allocate } from "./memory";
import { byteId, bytePair, NEVER, productOf, rankOf } from "./pairs";
import { sureCharacter, surePair } from "./sure";

export const SHORT: u32 = 64;

let keys: usize = 0;
let ids: usize = 0;

export function makeShort(): bool {
  keys = allocate(SHORT * 4);
  ids = allocate(SHORT * 4);
  return keys != 0 && ids != 0;
}

// @ts-ignore: decorator
@inline
function setKey(at: u32, rank: u32): void {
  store<u32>(keys + ((<usize>at) << 2), rank == NEVER ? NEVER : (rank << 6) | at);
}

// @ts-ignore: decorator
@inline
function idAt(at: u32): u32 {
  return load<u32>(ids + ((<usize>at) << 2));
}

// @ts-ignore: decorator
@inline
function leastKey(count: u32): u32 {
  let least = v128.load(keys);
  for (let i: u32 = 4; i < count; i += 4)
    least = i32x4.min_u(least, v128.load(keys + ((<usize>i) << 2)));
  least = i32x4.min_u(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
  least = i32x4.min_u(least, i32x4.shuffle(least, least, 1, 0, 3, 2));
  return <u32>i32x4.extract_lane(least, 0);
}

/** Puts the first symbols into `ids` and the ranks of their merges into `keys`; returns how many symbols. */
// @ts-ignore: decorator
@inline
function begin(from: usize, length: u32): u32 {
  const end = from + length;
  let count: u32 = 0;
  let previous: u32 = 0;
  // Whether the symbol before is a single byte.
  let wasByte = false;
  for (let at = from; at < end; ) {
    const first: u32 = load<u8>(at);
    let size: usize = 3;
    let rank = (first & 0xf0) == 0xe0 ? sureCharacter(at, from, end) : NEVER;
    if (rank == NEVER) {
      size = 2;
      rank = surePair(at, from, end);
    }
    const isByte = rank == NEVER;
    const id = isByte ? byteId(first) : productOf(rank);
    if (isByte) size = 1;
    if (count > 0)
      setKey(count - 1, isByte && wasByte ? bytePair(load<u16>(at - 1)) : rankOf(previous, id));
    store<u32>(ids + ((<usize>count) << 2), id);
    count++;
    previous = id;
    wasByte = isByte;
    at += size;
  }
  for (let i = count - 1; i < ((count + 3) & ~3); i++) setKey(i, NEVER);
  return count;
}

/** Writes the ids of the `length` bytes at `from` to `out`; returns how many. */
export function mergeShort(from: usize, length: u32, out: usize): u32 {
  const symbols = begin(from, length);
  // Bit i: symbol i, as they were at the beginning, is not yet a part of one before it.
  let begins: u64 = symbols == 64 ? ~(<u64>0) : ((<u64>1) << symbols) - 1;
  while (true) {
    const key = leastKey(symbols);
    if (key == NEVER) break;
    const at = key & 63;
    const id = productOf(key >> 6);
    store<u32>(ids + ((<usize>at) << 2), id);
    const right = at + 1 + <u32>ctz(begins >> (at + 1));
    begins &= ~((<u64>1) << right);
    setKey(right, NEVER);
    const behind = (begins >> at) >> 1;
    setKey(at, behind == 0 ? NEVER : rankOf(id, idAt(at + 1 + <u32>ctz(behind))));
    const before = begins & (((<u64>1) << at) - 1);
    if (before != 0) {
      const left = 63 - <u32>clz(before);
      setKey(left, rankOf(idAt(left), id));
    }
  }
  let count: u32 = 0;
  while (begins != 0) {
    store<u32>(out + ((<usize>count) << 2), idAt(<u32>ctz(begins)));
    count++;
    begins &= begins - 1;
  }
  return count;
}
