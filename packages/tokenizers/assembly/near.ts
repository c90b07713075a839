/**
 * Finds whole pieces of up to 12 bytes: the tokens themselves lie in the table, so that one line of the memory cache
 * answers.
 *
 * Shapes   buckets [n, 4] of 16 bytes: the token, filled up with zeros; u32 of its id, 20 bits, and its length above; 0
 *          where empty. A full bucket goes on in the next one
 * Errors   none: the caller makes room for all tokens
 */
import { firstBytes, mix } from "./bytes";
import { allocate } from "./memory";

export const NEAR: u32 = 12;
const LENGTH_SHIFT: u32 = 20;
export const ID_MASK: u32 = 0xfffff;

let buckets: usize = 0;
let bucketCount: u32 = 0;
let end: usize = 0;

export function makeNear(count: u32): bool {
  bucketCount = count;
  buckets = allocate((<usize>count) << 6);
  end = buckets + ((<usize>count) << 6);
  if (buckets == 0) return false;
  memory.fill(buckets, 0, (<usize>count) << 6);
  return true;
}

// @ts-ignore: decorator
@inline
function keyOf(from: usize, length: u32): v128 {
  return i32x4.replace_lane(firstBytes(from, length), 3, <i32>(length << LENGTH_SHIFT));
}

// @ts-ignore: decorator
@inline
function bucketOf(key: v128): usize {
  const hash = mix(<u64>i64x2.extract_lane(key, 0), <u64>i64x2.extract_lane(key, 1));
  return buckets + ((<usize>(((<u64>hash) * bucketCount) >> 32)) << 6);
}

export function insertNear(from: usize, length: u32, id: u32): void {
  const key = keyOf(from, length);
  let place = bucketOf(key);
  while (load<u32>(place, 12) != 0) {
    place += 16;
    if (place == end) place = buckets;
  }
  v128.store(place, i32x4.replace_lane(key, 3, <i32>((length << LENGTH_SHIFT) | id)));
}

/** 0 or 1. */
// @ts-ignore: decorator
@inline
function isAt(place: usize, key: v128): u32 {
  const other = v128.xor(v128.load(place), key);
  return <u32>!v128.any_true(v128.and(other, i32x4(-1, -1, -1, 0xf << 20)));
}

/** The id of the 1..12 bytes at `from`, -1 where no whole token has them. */
// @ts-ignore: decorator
@inline
export function findNear(from: usize, length: u32): i32 {
  const key = keyOf(from, length);
  const bucket = bucketOf(key);
  // All four, without a branch that depends on which.
  const first = isAt(bucket, key);
  const slot = isAt(bucket + 16, key) + 2 * isAt(bucket + 32, key) + 3 * isAt(bucket + 48, key);
  if ((first | slot) != 0)
    return <i32>(load<u32>(bucket + ((<usize>slot) << 4), 12) & ID_MASK);
  return load<u32>(bucket, 60) == 0 ? -1 : findBehind(bucket, key);
}

function findBehind(full: usize, key: v128): i32 {
  let place = full;
  while (true) {
    place += 64;
    if (place == end) place = buckets;
    for (let slot: usize = 0; slot < 64; slot += 16)
      if (isAt(place + slot, key) != 0) return <i32>(load<u32>(place + slot, 12) & ID_MASK);
    if (load<u32>(place, 60) == 0) return -1;
  }
}
