/**
 * Merges the bytes of a word of 2..64 bytes.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   keys [64] u32: rank * 64 + place of the pair that begins there, all ones where none does; ids [64] u32
 * Cost     a vector minimum over the pairs a merge; a bit mask of the places where a symbol begins
 * Order    least rank first, then leftmost
 */
import { allocate } from "./memory";
import { byteId, byteRank, NEVER, productOf, rankOf } from "./pairs";

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
function leastKey(length: u32): u32 {
  let least = v128.load(keys);
  for (let i: u32 = 4; i < length; i += 4)
    least = i32x4.min_u(least, v128.load(keys + ((<usize>i) << 2)));
  least = i32x4.min_u(least, i32x4.shuffle(least, least, 2, 3, 0, 1));
  least = i32x4.min_u(least, i32x4.shuffle(least, least, 1, 0, 3, 2));
  return <u32>i32x4.extract_lane(least, 0);
}

/** Writes the ids of the `length` bytes at `from` to `out`; returns how many. */
export function mergeShort(from: usize, length: u32, out: usize): u32 {
  for (let i: u32 = 0; i < length; i++)
    store<u32>(ids + ((<usize>i) << 2), byteId(load<u8>(from + i)));
  for (let i: u32 = 0; i + 1 < length; i++) setKey(i, byteRank(from + i));
  for (let i = length - 1; i < ((length + 3) & ~3); i++) setKey(i, NEVER);
  // Bit i: a symbol begins at byte i.
  let begins: u64 = length == 64 ? ~(<u64>0) : ((<u64>1) << length) - 1;
  while (true) {
    const key = leastKey(length);
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
