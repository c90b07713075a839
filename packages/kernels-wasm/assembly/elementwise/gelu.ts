import { geluLanes } from "../shared/gaussian";
import { loadLanes, storeLanes } from "../shared/lanes";

/**
 * out = input * Phi(input), the exact one with the error function.
 *
 * Shapes   input [n]  ->  out [n], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function gelu(input: usize, out: usize, count: i32): void {
  const end = out + (<usize>(count & ~3) << 2);
  while (out < end) {
    v128.store(out, geluLanes(v128.load(input)));
    input += 16;
    out += 16;
  }
  const rest = count & 3;
  if (rest > 0) storeLanes(out, geluLanes(loadLanes(input, rest)), rest);
}
