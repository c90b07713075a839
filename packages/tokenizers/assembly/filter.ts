/**
 * Says of most keys that are not in a table that they are not: one bit a hash.
 *
 * Cost     one read, of memory small enough to stay in the cache
 */

// @ts-ignore: decorator
@inline
export function mayHold(filter: usize, mask: u32, hash: u32): bool {
  return ((load<u8>(filter + ((hash >> 11) & mask)) >> ((hash >> 8) & 7)) & 1) != 0;
}

export function note(filter: usize, mask: u32, hash: u32): void {
  const place = filter + ((hash >> 11) & mask);
  store<u8>(place, load<u8>(place) | (<u8>1 << <u8>((hash >> 8) & 7)));
}
