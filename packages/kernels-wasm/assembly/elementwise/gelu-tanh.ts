import { geluTanhLanes } from "../shared/gaussian";
import { loadLanes, storeLanes } from "../shared/lanes";

/**
 * out = input / 2 (1 + tanh(sqrt(2 / pi) (input + 0.044715 input^3))), written as a logistic function.
 *
 * Shapes   input [n]  ->  out [n], which may be the input
 * Units    pointers are byte offsets, 4-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function geluTanh(input: usize, out: usize, count: i32): void {
  const end = out + (<usize>(count & ~3) << 2);
  while (out < end) {
    v128.store(out, geluTanhLanes(v128.load(input)));
    input += 16;
    out += 16;
  }
  const rest = count & 3;
  if (rest > 0) storeLanes(out, geluTanhLanes(loadLanes(input, rest)), rest);
}
