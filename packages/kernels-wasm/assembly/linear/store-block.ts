import { storeLanes } from "../shared/lanes";

/** Writes the 8 outputs of a block, or as many of them as `room` says. */
// @ts-ignore: decorator
@inline
export function storeBlock(at: usize, low: v128, high: v128, room: i32): void {
  if (room >= 8) {
    v128.store(at, low);
    v128.store(at, high, 16);
  } else if (room > 4) {
    v128.store(at, low);
    storeLanes(at + 16, high, room - 4);
  } else if (room == 4) {
    v128.store(at, low);
  } else {
    storeLanes(at, low, room);
  }
}
