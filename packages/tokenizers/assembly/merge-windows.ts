/**
 * Merges the bytes of long pieces in linear time, a window at a time: src/engine/long-merge.ts and merge-tree.ts on
 * linear memory.
 *
 * Paper    after van Antwerpen and Neubeck, "So many tokens, so little time" (github/rust-gems, crate bpe): tokens are the
 *          encoding of their bytes if every two neighbors are that of theirs
 * Shapes   tree [V, 3] u32: the parts that a token is made of, and i32 of the rank of that merge, BYTE for a byte, UNMADE
 *          for a token that merging never makes
 * Cost     O(n) windows of fixed length in O(w log w); 12 bytes a token, filled at the first long piece
 * Differs  where a token is made after a merge that needs it the piece is merged as a whole, in O(n log n)
 * Errors   0 ids where the host gives no memory
 */
import { allocate, hasRoom } from "./memory";
import { mergeLong, scratchLength } from "./merge-long";
import { byteId, NEVER, pairsByRank, productOf, rankCount, rankOf } from "./pairs";
import { tokenLength } from "./vocabulary";

/** Bytes of a window. */
export const WINDOW: u32 = 1 << 10;
/** Tokens that are taken back at the end of a window, where the bytes behind may change them. */
const UNSURE: u32 = 8;
const BYTE: i32 = -1;
const UNMADE: i32 = -2;

let tree: usize = 0;
let tokenCount: u32 = 0;
let isFilled: bool = false;
let isOrdered: bool = true;

export function makeTree(size: u32): bool {
  tokenCount = size;
  tree = allocate(<usize>size * 12);
  return tree != 0;
}

// @ts-ignore: decorator
@inline
function leftOf(id: u32): u32 {
  return load<u32>(tree + <usize>id * 12);
}

// @ts-ignore: decorator
@inline
function rightOf(id: u32): u32 {
  return load<u32>(tree + <usize>id * 12, 4);
}

// @ts-ignore: decorator
@inline
function orderOf(id: u32): i32 {
  return load<i32>(tree + <usize>id * 12, 8);
}

/** `scratch` has room for 8 bytes a rank. */
function fillTree(scratch: usize): void {
  for (let id: u32 = 0; id < tokenCount; id++) store<i32>(tree + <usize>id * 12, UNMADE, 8);
  for (let byte: u32 = 0; byte < 256; byte++) store<i32>(tree + <usize>byteId(byte) * 12, BYTE, 8);
  pairsByRank(scratch);
  for (let rank: u32 = 0; rank < rankCount; rank++) {
    const left = load<u32>(scratch + ((<usize>rank) << 3));
    const right = load<u32>(scratch + ((<usize>rank) << 3), 4);
    if (left == NEVER) continue;
    const place = tree + <usize>productOf(rank) * 12;
    if (load<i32>(place, 8) != UNMADE || orderOf(left) == UNMADE || orderOf(right) == UNMADE)
      continue;
    if (!staysApart(left, right, rank)) continue;
    store<u32>(place, left);
    store<u32>(place, right, 4);
    store<u32>(place, rank, 8);
  }
  for (let rank: u32 = 0; rank < rankCount; rank++) {
    const left = load<u32>(scratch + ((<usize>rank) << 3));
    if (left == NEVER) continue;
    const latest = max(orderOf(left), orderOf(load<u32>(scratch + ((<usize>rank) << 3), 4)));
    if (latest >= <i32>rank) isOrdered = false;
  }
  isFilled = true;
}

/** Whether nothing merges across the border of the two before `most`: takes the later made of the two apart, on and on. */
function staysApart(first: u32, second: u32, most: u32): bool {
  let left = first;
  let right = second;
  let limit = most;
  while (true) {
    if (rankOf(left, right) < limit) return false;
    const before = orderOf(left);
    const after = orderOf(right);
    if (before < 0 && after < 0) return true;
    if (before > after) {
      limit = before;
      left = rightOf(left);
    } else {
      // Of equal ranks the one further left merges first, and that is the one across the border.
      limit = after + 1;
      right = leftOf(right);
    }
  }
}

/** Writes the ids of the `length` bytes at `from` to `out`; returns how many. `scratch` is a multiple of 8. */
export function mergeWindows(from: usize, length: u32, out: usize, scratch: usize): u32 {
  if (!isFilled) {
    if (!hasRoom(<u64>scratch + ((<u64>rankCount) << 3))) return 0;
    fillTree(scratch);
  }
  let window = isOrdered ? WINDOW : length;
  let unsure = UNSURE;
  let count: u32 = 0;
  for (let at: u32 = 0; at < length; ) {
    const size = min(length - at, window);
    if (!hasRoom(<u64>scratch + scratchLength(size))) return 0;
    const next = out + ((<usize>count) << 2);
    const more = mergeLong(from + at, size, next, scratch);
    let most = unsure;
    let reach = window >> 2;
    const fits = count == 0 || staysApart(load<u32>(next - 4), load<u32>(next), NEVER);
    if (fits) {
      count += more;
      at += size;
      unsure = UNSURE;
      if (at == length) break;
      most = UNSURE;
    } else {
      unsure *= 2;
      most = unsure;
      reach = NEVER;
    }
    let back: u32 = 0;
    for (; most > 0 && count > 0; most--) {
      const last = tokenLength(load<u32>(out + ((<usize>count) << 2) - 4));
      if (last > reach - back) break;
      back += last;
      count--;
    }
    at -= back;
    if (!fits) window = max(window, 2 * back);
  }
  return count;
}
