/**
 * Merges the bytes of a piece of any length.
 *
 * Paper    Sennrich et al., arXiv:1508.07909; the queue of Hugging Face tokenizers
 * Shapes   scratch of 32 bytes a byte: ids, ranks, next, previous [n] u32, heap [2 n] u64 of rank * 2^32 + place
 * Cost     O(n log n); at most 3 n keys are queued
 * Order    least rank first, then leftmost
 */
import { push, sink } from "./heap";
import { byteId, bytePair, NEVER, productOf, rankOf } from "./pairs";

/** Keys queued so far, over all pieces. */
export let queued: u64 = 0;

// @ts-ignore: decorator
@inline
export function scratchLength(length: u32): u64 {
  return <u64>length * 32;
}

// @ts-ignore: decorator
@inline
function get(table: usize, at: u32): u32 {
  return load<u32>(table + ((<usize>at) << 2));
}

// @ts-ignore: decorator
@inline
function set(table: usize, at: u32, value: u32): void {
  store<u32>(table + ((<usize>at) << 2), value);
}

// @ts-ignore: decorator
@inline
function keyOf(rank: u32, at: u32): u64 {
  return ((<u64>rank) << 32) | at;
}

/** Writes the ids of the `length` bytes at `from` to `out`; returns how many. `scratch` is a multiple of 8. */
export function mergeLong(from: usize, length: u32, out: usize, scratch: usize): u32 {
  const row = (<usize>length) << 2;
  const heap = scratch;
  const ids = scratch + row * 4;
  const ranks = ids + row;
  const nexts = ranks + row;
  const previous = nexts + row;
  let count: u32 = 0;
  for (let i: u32 = 0; i < length; i++) {
    set(ids, i, byteId(load<u8>(from + i)));
    set(nexts, i, i + 1);
    set(previous, i, i - 1);
    const rank = i + 1 < length ? bytePair(load<u16>(from + i)) : NEVER;
    set(ranks, i, rank);
    if (rank == NEVER) continue;
    store<u64>(heap + ((<usize>count) << 3), keyOf(rank, i));
    count++;
  }
  queued += count;
  for (let slot = <i32>(count >> 1) - 1; slot >= 0; slot--) sink(heap, slot, count);

  while (count > 0) {
    const key = load<u64>(heap);
    count--;
    if (count > 0) {
      store<u64>(heap, load<u64>(heap + ((<usize>count) << 3)));
      sink(heap, 0, count);
    }
    const at = <u32>key;
    const rank = <u32>(key >> 32);
    // A key is out of date where the pair that begins there is another one by now.
    if (get(ranks, at) != rank) continue;
    const id = productOf(rank);
    const right = get(nexts, at);
    const behind = get(nexts, right);
    set(ids, at, id);
    set(nexts, at, behind);
    set(ranks, right, NEVER);
    let next = NEVER;
    if (behind < length) {
      set(previous, behind, at);
      next = rankOf(id, get(ids, behind));
      if (next != NEVER) {
        push(heap, count++, keyOf(next, at));
        queued++;
      }
    }
    set(ranks, at, next);
    const left = get(previous, at);
    if (left < length) {
      const before = rankOf(get(ids, left), id);
      set(ranks, left, before);
      if (before != NEVER) {
        push(heap, count++, keyOf(before, left));
        queued++;
      }
    }
  }
  let total: u32 = 0;
  for (let i: u32 = 0; i < length; i = get(nexts, i)) set(out, total++, get(ids, i));
  return total;
}
