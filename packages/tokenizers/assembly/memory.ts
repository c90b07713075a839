/**
 * Hands out linear memory from front to back.
 *
 * Shapes   pieces begin at multiples of 64 bytes
 * Errors   0 where the host gives no more memory
 */
let top: usize = 0;

export function mark(): usize {
  if (top == 0) top = (__heap_base + 63) & ~63;
  return top;
}

/** Gives back all that was handed out since `mark` gave `place`. */
export function release(place: usize): void {
  top = place;
}

export function allocate(length: usize): usize {
  const place = mark();
  const end = <u64>place + <u64>length + 63;
  if (!hasRoom(end)) return 0;
  top = <usize>end & ~63;
  return place;
}

/** Grows the memory up to byte `end`. */
export function hasRoom(end: u64): bool {
  const pages = <i64>((end + 0xffff) >> 16);
  const have = <i64>memory.size();
  if (pages <= have) return true;
  if (pages > 0xffff) return false;
  return memory.grow(<i32>(pages - have)) != -1;
}
