/**
 * Partial vectors and reductions over lanes.
 *
 * Order    `sumLanes` adds (0 + 1) + (2 + 3)
 */
/** The first `count` (1..3) floats at `at`; the other lanes are 0. Reads nothing behind them. */
// @ts-ignore: decorator
@inline
export function loadLanes(at: usize, count: i32): v128 {
  let lanes = v128.load32_zero(at);
  if (count > 1) lanes = v128.load32_lane(at, lanes, 1, 4);
  if (count > 2) lanes = v128.load32_lane(at, lanes, 2, 8);
  return lanes;
}

/** Writes the first `count` (1..3) lanes. */
// @ts-ignore: decorator
@inline
export function storeLanes(at: usize, lanes: v128, count: i32): void {
  v128.store32_lane(at, lanes, 0);
  if (count > 1) v128.store32_lane(at, lanes, 1, 4);
  if (count > 2) v128.store32_lane(at, lanes, 2, 8);
}

// @ts-ignore: decorator
@inline
export function sumLanes(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) +
    f32x4.extract_lane(lanes, 1) +
    (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3))
  );
}

/** The largest lane; NaN lanes are passed over. */
// @ts-ignore: decorator
@inline
export function largestLane(lanes: v128): f32 {
  const pairs = f32x4.pmax(f32x4.splat(-Infinity), lanes);
  const half = f32x4.pmax(pairs, i32x4.shuffle(pairs, pairs, 2, 3, 0, 1));
  return f32x4.extract_lane(f32x4.pmax(half, i32x4.shuffle(half, half, 1, 0, 3, 2)), 0);
}
