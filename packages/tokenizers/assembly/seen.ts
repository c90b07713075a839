/**
 * Remembers the ids of pieces seen before, by their bytes.
 *
 * Shapes   short, up to 15 bytes: two places of 32 bytes a slot (bytes 0..7, bytes 8..14 with the length, up to 5 ids of 20
 *          bits with their number); middle, 16..31 bytes: 64 a slot (bytes, number, up to 7 ids); long, 32..120 bytes:
 *          256 a slot (bytes, number, length, up to 32 ids)
 * Cost     no more than two compares a look-up, whatever the text; a piece takes the place of an older one
 */
import { hashOfLong, high, low, mix, same } from "./bytes";
import { allocate } from "./memory";

export const SHORTEST_MIDDLE: u32 = 16;
export const SHORTEST_LONG: u32 = 32;
export const LONGEST: u32 = 120;
/** Ids are below it. */
const ID_BITS: u64 = 20;
const ID_MASK: u64 = 0xfffff;

let shorts: usize = 0;
let shortMask: u32 = 0;
let middles: usize = 0;
let middleMask: u32 = 0;
let longs: usize = 0;
let longMask: u32 = 0;
/** Slot that the last look-up looked at, for `keep`. */
let slot: usize = 0;

export function makeSeen(bits: i32): bool {
  shorts = allocate((<usize>64) << bits);
  middles = allocate((<usize>32) << bits);
  longs = allocate((<usize>64) << bits);
  if (shorts == 0 || middles == 0 || longs == 0) return false;
  memory.fill(shorts, 0, (<usize>64) << bits);
  memory.fill(middles, 0, (<usize>32) << bits);
  memory.fill(longs, 0, (<usize>64) << bits);
  shortMask = (1 << bits) - 1;
  middleMask = shortMask >> 1;
  longMask = shortMask >> 2;
  return true;
}

/** How many ids were written to `out`, which has room for 5; 0 where the piece is new. */
// @ts-ignore: decorator
@inline
export function findShort(from: usize, length: u32, out: usize): u32 {
  const a = low(from, length);
  const b = high(from, length) | ((<u64>length) << 56);
  slot = shorts + ((<usize>(mix(a, b) & shortMask)) << 6);
  let place = slot;
  if (load<u64>(place) != a || load<u64>(place, 8) != b) {
    place += 32;
    if (load<u64>(place) != a || load<u64>(place, 8) != b) return 0;
  }
  const first = load<u64>(place, 16);
  const second = load<u64>(place, 24);
  store<u32>(out, <u32>(first & ID_MASK));
  const count = <u32>(second >> 60);
  if (count > 1) {
    store<u32>(out, <u32>((first >> ID_BITS) & ID_MASK), 4);
    store<u32>(out, <u32>((first >> (2 * ID_BITS)) & ID_MASK), 8);
    store<u32>(out, <u32>(second & ID_MASK), 12);
    store<u32>(out, <u32>((second >> ID_BITS) & ID_MASK), 16);
  }
  return count;
}

export function keepShort(from: usize, length: u32, ids: usize, count: u32): void {
  if (count > 5) return;
  let first: u64 = load<u32>(ids);
  let second: u64 = (<u64>count) << 60;
  if (count > 1) first |= (<u64>load<u32>(ids, 4)) << ID_BITS;
  if (count > 2) first |= (<u64>load<u32>(ids, 8)) << (2 * ID_BITS);
  if (count > 3) second |= load<u32>(ids, 12);
  if (count > 4) second |= (<u64>load<u32>(ids, 16)) << ID_BITS;
  v128.store(slot, v128.load(slot), 32);
  v128.store(slot, v128.load(slot, 16), 48);
  store<u64>(slot, low(from, length));
  store<u64>(slot, high(from, length) | ((<u64>length) << 56), 8);
  store<u64>(slot, first, 16);
  store<u64>(slot, second, 24);
}

/** The same for 16..31 bytes; `out` has room for 7. */
export function findMiddle(from: usize, length: u32, out: usize): u32 {
  const a = load<u64>(from);
  const b = load<u64>(from, 8);
  const c = low(from + 16, length - 16);
  const d = high(from + 16, length - 16) | ((<u64>length) << 56);
  const hash = mix(a ^ (c * 0xc2b2ae3d27d4eb4f), b + d * 0x165667b19e3779f9);
  slot = middles + ((<usize>(hash & middleMask)) << 6);
  if (load<u64>(slot) != a || load<u64>(slot, 8) != b) return 0;
  if (load<u64>(slot, 16) != c || load<u64>(slot, 24) != d) return 0;
  v128.store(out, v128.load(slot, 36));
  v128.store(out, v128.load(slot, 48), 12);
  return load<u32>(slot, 32);
}

export function keepMiddle(from: usize, length: u32, ids: usize, count: u32): void {
  if (count > 7) return;
  v128.store(slot, v128.load(from));
  store<u64>(slot, low(from + 16, length - 16), 16);
  store<u64>(slot, high(from + 16, length - 16) | ((<u64>length) << 56), 24);
  store<u32>(slot, count, 32);
  v128.store(slot, v128.load(ids), 36);
  v128.store(slot, v128.load(ids, 12), 48);
}

/** The same for 32..120 bytes; `out` has room for 32. */
export function findLong(from: usize, length: u32, out: usize): u32 {
  slot = longs + ((<usize>(hashOfLong(from, length) & longMask)) << 8);
  if (load<u8>(slot, 127) != length || !same(from, slot, length)) return 0;
  const count = <u32>load<u8>(slot, 126);
  memory.copy(out, slot + 128, (<usize>count) << 2);
  return count;
}

export function keepLong(from: usize, length: u32, ids: usize, count: u32): void {
  if (count > 32) return;
  memory.copy(slot, from, length);
  store<u8>(slot, <u8>length, 127);
  store<u8>(slot, <u8>count, 126);
  memory.copy(slot + 128, ids, (<usize>count) << 2);
}
