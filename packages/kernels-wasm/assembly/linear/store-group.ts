import { storeLanes } from "../shared/lanes";

/** Writes the 4 outputs of a group, or as many of them as `room` says. */
// @ts-ignore: decorator
@inline
export function storeGroup(at: usize, sums: v128, room: i32): void {
  if (room >= 4) v128.store(at, sums);
  else if (room > 0) storeLanes(at, sums, room);
}
