/**
 * A heap of u64 keys, the least first.
 *
 * Shapes   keys [count] u64 at a place of the caller's
 * Cost     O(log count) for each
 */

// @ts-ignore: decorator
@inline
function keyAt(heap: usize, slot: u32): u64 {
  return load<u64>(heap + ((<usize>slot) << 3));
}

// @ts-ignore: decorator
@inline
function setKeyAt(heap: usize, slot: u32, key: u64): void {
  store<u64>(heap + ((<usize>slot) << 3), key);
}

/** Lets the key in `from` sink to its place among `count`. */
export function sink(heap: usize, from: u32, count: u32): void {
  const key = keyAt(heap, from);
  let slot = from;
  while (true) {
    let child = slot * 2 + 1;
    if (child >= count) break;
    if (child + 1 < count && keyAt(heap, child + 1) < keyAt(heap, child)) child++;
    if (keyAt(heap, child) >= key) break;
    setKeyAt(heap, slot, keyAt(heap, child));
    slot = child;
  }
  setKeyAt(heap, slot, key);
}

/** Puts `key` into a heap of `count`. */
export function push(heap: usize, count: u32, key: u64): void {
  let slot = count;
  while (slot > 0) {
    const parent = (slot - 1) >> 1;
    if (keyAt(heap, parent) <= key) break;
    setKeyAt(heap, slot, keyAt(heap, parent));
    slot = parent;
  }
  setKeyAt(heap, slot, key);
}
