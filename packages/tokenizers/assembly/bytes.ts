/**
 * Compares and hashes short stretches of bytes, eight at a time.
 *
 * Shapes   masks [17, 16] u8: row n keeps the first n bytes of 16
 * Errors   none: reads up to 15 bytes behind a stretch, which is memory of ours
 */
import { allocate } from "./memory";

let masks: usize = 0;

export function makeMasks(): bool {
  masks = allocate(17 * 16);
  if (masks == 0) return false;
  for (let n: usize = 0; n <= 16; n++)
    for (let i: usize = 0; i < 16; i++) store<u8>(masks + n * 16 + i, i < n ? 0xff : 0);
  return true;
}

/** The first `length` of 16 bytes: bytes 0..7 and 8..15. */
// @ts-ignore: decorator
@inline
export function low(from: usize, length: u32): u64 {
  return load<u64>(from) & load<u64>(masks + ((<usize>length) << 4));
}

// @ts-ignore: decorator
@inline
export function high(from: usize, length: u32): u64 {
  return load<u64>(from, 8) & load<u64>(masks + ((<usize>length) << 4), 8);
}

/** The first `length` of 16 bytes, zeros behind them. */
// @ts-ignore: decorator
@inline
export function firstBytes(from: usize, length: u32): v128 {
  return v128.and(v128.load(from), v128.load(masks + ((<usize>length) << 4)));
}

// @ts-ignore: decorator
@inline
export function mix(a: u64, b: u64): u32 {
  let h = (a ^ (b * 0x9e3779b97f4a7c15)) * 0xd6e8feb86659fd93;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93;
  return <u32>(h >> 32);
}

// @ts-ignore: decorator
@inline
export function hashOf(from: usize, length: u32): u32 {
  if (length <= 16) return mix(low(from, length), high(from, length) ^ ((<u64>length) << 58));
  return hashOfLong(from, length);
}

export function hashOfLong(from: usize, length: u32): u32 {
  let h: u64 = length;
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) {
    h = (h ^ load<u64>(from + i)) * 0xd6e8feb86659fd93;
    h ^= h >> 32;
  }
  if (i < length) {
    h = (h ^ low(from + i, length - i)) * 0xd6e8feb86659fd93;
    h ^= h >> 32;
  }
  return <u32>((h * 0x9e3779b97f4a7c15) >> 32);
}

// @ts-ignore: decorator
@inline
export function same(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  return i == length || low(a + i, length - i) == low(b + i, length - i);
}
