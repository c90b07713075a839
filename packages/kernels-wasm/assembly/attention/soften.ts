import { exp } from "../shared/exp";
import { largestLane } from "../shared/lanes";

/**
 * Exponentials of a query's visible scores over their exact maximum.
 *
 * Shapes   scores [columns], spans first .. last  ->  weights [columns]; columns outside the spans are not to be read
 * Units    pointers are byte offsets; scores and weights 16-byte aligned
 * Order    each lane alone
 *
 * Returns the maximum; -Infinity: the row sees nothing, and its weights are 0.
 */
export function soften(scores: usize, weights: usize, spans: usize, first: i32, last: i32): f32 {
  let largest = f32x4.splat(-Infinity);
  for (let span = first; span < last; span++) {
    let at = scores + (<usize>load<i32>(spans + (<usize>span << 3)) << 2);
    const end = scores + (<usize>load<i32>(spans + (<usize>span << 3), 4) << 2);
    for (; at < end && (at & 15) != 0; at += 4) {
      largest = f32x4.pmax(largest, v128.load32_splat(at));
    }
    for (; at + 16 <= end; at += 16) largest = f32x4.pmax(largest, v128.load(at));
    for (; at < end; at += 4) largest = f32x4.pmax(largest, v128.load32_splat(at));
  }
  let top = largestLane(largest);
  if (top == -Infinity) {
    if (!holdsNaN(scores, spans, first, last)) {
      clear(weights, spans, first, last);
      return top;
    }
    top = NaN;
  }
  const tops = f32x4.splat(top);
  for (let span = first; span < last; span++) {
    const begin = load<i32>(spans + (<usize>span << 3));
    const end = load<i32>(spans + (<usize>span << 3), 4);
    for (let column = begin & ~3; column < end; column += 4) {
      const at = <usize>column << 2;
      v128.store(weights + at, exp(f32x4.sub(v128.load(scores + at), tops)));
    }
  }
  return top;
}

/** Maxima pass NaN over; where there was nothing else, it is not to be lost. */
function holdsNaN(scores: usize, spans: usize, first: i32, last: i32): bool {
  for (let span = first; span < last; span++) {
    const end = load<i32>(spans + (<usize>span << 3), 4);
    for (let column = load<i32>(spans + (<usize>span << 3)); column < end; column++) {
      const score = load<f32>(scores + (<usize>column << 2));
      if (score != score) return true;
    }
  }
  return false;
}

function clear(weights: usize, spans: usize, first: i32, last: i32): void {
  for (let span = first; span < last; span++) {
    const begin = <usize>load<i32>(spans + (<usize>span << 3)) << 2;
    const end = <usize>load<i32>(spans + (<usize>span << 3), 4) << 2;
    memory.fill(weights + begin, 0, end - begin);
  }
}
