/**
 * Whole slots by weight with an exact sum: largest remainder, between a lower and an upper bound a head.
 *
 * Shapes   weights, lower, upper [heads] -> slots [heads]
 * Units    slots
 * Order    remainders from large to small, ties to the lower index
 * Cost     O(64 heads + heads log heads)
 * Errors   ArgumentError for weights that are negative or not finite, bounds that cross, a total that is no count
 */
import { ArgumentError, type CacheView } from "@frugal/tensor";
import { headsOf, protectedCount } from "../store/view.js";

const HALVINGS = 64; // past the 53 bits of the scale
const LARGEST_SCALE = 2 ** 512; // finite, so that it leaves weights of 0 at 0; weights below 2^-500 count as 0, too

/** Sum: `total`, or the nearest sum that the bounds allow. Slots are max(lower, min(upper, scale * weight)), made whole. */
export function apportion(
  total: number,
  weights: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): Uint32Array {
  const count = weights.length;
  checkAll(total, weights, lower, upper);
  let least = 0;
  let most = 0;
  for (let i = 0; i < count; i++) {
    least += lower[i]!;
    most += upper[i]!;
  }
  const target = Math.min(most, Math.max(least, total));
  const scale = scaleFor(target, weights, lower, upper);
  const share = (i: number): number =>
    Math.max(lower[i]!, Math.min(upper[i]!, scale * weights[i]!));
  const slots = new Uint32Array(count);
  let left = target;
  for (let i = 0; i < count; i++) {
    slots[i] = Math.floor(share(i));
    left -= slots[i]!;
  }
  const order = Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => share(b) - slots[b]! - (share(a) - slots[a]!) || a - b,
  );
  while (left > 0) {
    for (const i of order) {
      if (left === 0) break;
      if (slots[i]! >= upper[i]!) continue;
      slots[i]!++;
      left--;
    }
  }
  return slots;
}

/** The largest scale whose shares do not go over the target. */
function scaleFor(
  target: number,
  weights: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): number {
  const sumAt = (scale: number): number => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++) {
      sum += Math.max(lower[i]!, Math.min(upper[i]!, scale * weights[i]!));
    }
    return sum;
  };
  if (sumAt(1) === target) return 1;
  let low = 0;
  let high = 1;
  while (high < LARGEST_SCALE && sumAt(high) <= target) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (sumAt(middle) <= target) low = middle;
    else high = middle;
  }
  return low;
}

/** What an allocation has to lie between: a head's protected slots and its length. */
export function boundsOf(cache: CacheView): {
  readonly lower: Uint32Array;
  readonly upper: Uint32Array;
} {
  const heads = headsOf(cache.layout);
  return {
    lower: Uint32Array.from(heads, ([layer, head]) => protectedCount(cache, layer, head)),
    upper: Uint32Array.from(heads, ([layer, head]) => cache.length(layer, head)),
  };
}

function checkAll(
  total: number,
  weights: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): void {
  const where = "apportion";
  if (!Number.isSafeInteger(total) || total < 0) {
    throw new ArgumentError(where, "total", "a non-negative integer", total);
  }
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i]! >= 0 && weights[i]! < Infinity)) {
      throw new ArgumentError(where, `weights[${i}]`, "finite, not negative", weights[i]);
    }
    if (!(lower[i]! <= upper[i]!)) {
      throw new ArgumentError(where, `lower[${i}]`, `at most ${upper[i]}`, lower[i]);
    }
  }
}
