import { loadLanes, storeLanes } from "../shared/lanes";

/**
 * out = a + b.
 *
 * Shapes   a [n], b [n]  ->  out [n], which may be either
 * Units    pointers are byte offsets, 4-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function add(a: usize, b: usize, out: usize, count: i32): void {
  const end = out + (<usize>(count & ~3) << 2);
  while (out < end) {
    v128.store(out, f32x4.add(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    out += 16;
  }
  const rest = count & 3;
  if (rest > 0) storeLanes(out, f32x4.add(loadLanes(a, rest), loadLanes(b, rest)), rest);
}
