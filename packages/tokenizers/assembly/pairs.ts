/**
 * Looks up the merge of two neighboring ids.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   slots [2^k] u64: left 20 bits, right 20 bits, rank 22 bits, all ones where empty; products [ranks] u32;
 *          bytePairs [65536] u32: the rank of two bytes, low byte first; byteIds [256] u32
 * Errors   none: the caller keeps ids below 2^20 and ranks below 2^22, and the table at most half full
 */
import { mayHold, note } from "./filter";
import { allocate } from "./memory";

export const NEVER: u32 = 0xffffffff;
const EMPTY: u64 = 0xffffffffffffffff;

let slots: usize = 0;
let mask: u32 = 0;
let filter: usize = 0;
let filterMask: u32 = 0;
let products: usize = 0;
export let rankCount: u32 = 0;
let bytePairs: usize = 0;
let byteIds: usize = 0;

/** `filterBits`: the filter has 2^filterBits bytes, 21 at most. */
export function makePairs(bits: i32, filterBits: i32, ranks: u32): bool {
  rankCount = ranks;
  slots = allocate((<usize>8) << bits);
  mask = (1 << bits) - 1;
  filter = allocate((<usize>1) << filterBits);
  filterMask = (1 << filterBits) - 1;
  products = allocate((<usize>ranks) << 2);
  bytePairs = allocate(65536 * 4);
  byteIds = allocate(256 * 4);
  if (slots == 0 || filter == 0 || products == 0 || bytePairs == 0 || byteIds == 0) return false;
  memory.fill(slots, 0xff, (<usize>8) << bits);
  memory.fill(filter, 0, (<usize>1) << filterBits);
  return true;
}

// @ts-ignore: decorator
@inline
function hashOfKey(key: u64): u32 {
  let h = key * 0x9e3779b97f4a7c15;
  h ^= h >> 29;
  return <u32>((h * 0xd6e8feb86659fd93) >> 32);
}

/** `count` merges at `from`, each left, right, rank, product u32. */
export function addPairs(from: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const entry = from + ((<usize>i) << 4);
    const key = ((<u64>load<u32>(entry)) << 20) | load<u32>(entry, 4);
    const rank = load<u32>(entry, 8);
    const hash = hashOfKey(key);
    let slot = hash & mask;
    while (load<u64>(slots + ((<usize>slot) << 3)) != EMPTY) slot = (slot + 1) & mask;
    store<u64>(slots + ((<usize>slot) << 3), (key << 22) | rank);
    store<u32>(products + ((<usize>rank) << 2), load<u32>(entry, 12));
    note(filter, filterMask, hash);
  }
}

/** The ids of the 256 bytes at `from`, u32; after all pairs were added. */
export function setBytes(from: usize): void {
  memory.copy(byteIds, from, 256 * 4);
  for (let pair: u32 = 0; pair < 65536; pair++)
    store<u32>(bytePairs + ((<usize>pair) << 2), rankOf(byteId(pair & 255), byteId(pair >> 8)));
}

/** Writes the two ids of each rank to `to`, u32; NEVER where a rank has none. */
export function pairsByRank(to: usize): void {
  memory.fill(to, 0xff, (<usize>rankCount) << 3);
  for (let slot: usize = 0; slot <= <usize>mask; slot++) {
    const found = load<u64>(slots + (slot << 3));
    if (found == EMPTY) continue;
    const place = to + ((<usize>found & 0x3fffff) << 3);
    store<u32>(place, <u32>(found >> 42));
    store<u32>(place, <u32>(found >> 22) & 0xfffff, 4);
  }
}

// @ts-ignore: decorator
@inline
export function byteId(byte: u32): u32 {
  return load<u32>(byteIds + ((<usize>byte) << 2));
}

/** Rank of two bytes, the left one the low byte of `pair`. */
// @ts-ignore: decorator
@inline
export function bytePair(pair: u32): u32 {
  return load<u32>(bytePairs + ((<usize>pair) << 2));
}

// @ts-ignore: decorator
@inline
export function productOf(rank: u32): u32 {
  return load<u32>(products + ((<usize>rank) << 2));
}

/** NEVER where the two do not merge. */
// @ts-ignore: decorator
@inline
export function rankOf(left: u32, right: u32): u32 {
  const key = ((<u64>left) << 20) | right;
  const hash = hashOfKey(key);
  if (!mayHold(filter, filterMask, hash)) return NEVER;
  return search(key, hash);
}

function search(key: u64, hash: u32): u32 {
  let slot = hash & mask;
  while (true) {
    const found = load<u64>(slots + ((<usize>slot) << 3));
    if (found >> 22 == key) return <u32>found & 0x3fffff;
    if (found == EMPTY) return NEVER;
    slot = (slot + 1) & mask;
  }
}
