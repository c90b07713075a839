import { loadLanes, storeLanes } from "../shared/lanes";

/**
 * Turns every head of every row in place: (x1, x2) -> (x1 cos - x2 sin, x2 cos + x1 sin), halves apart.
 *
 * Shapes   heads [R, H * D], angles [R, D]: D/2 cosines, then D/2 sines
 * Units    pointers are byte offsets, 4-byte aligned; D is even
 * Order    two products, then one sum: the same in both builds
 * Errors   none in here: the wrapper checks shapes
 */
export function rope(heads: usize, angles: usize, rows: i32, headCount: i32, headWidth: i32): void {
  const half = <usize>(headWidth >> 1) << 2;
  const whole = half & ~15;
  const rest = <i32>((half - whole) >> 2);
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < headCount; head++) {
      const second = heads + half;
      for (let at: usize = 0; at < whole; at += 16) {
        const a = v128.load(heads + at);
        const b = v128.load(second + at);
        const cosine = v128.load(angles + at);
        const sine = v128.load(angles + half + at);
        v128.store(heads + at, f32x4.sub(f32x4.mul(a, cosine), f32x4.mul(b, sine)));
        v128.store(second + at, f32x4.add(f32x4.mul(b, cosine), f32x4.mul(a, sine)));
      }
      if (rest > 0) {
        const a = loadLanes(heads + whole, rest);
        const b = loadLanes(second + whole, rest);
        const cosine = loadLanes(angles + whole, rest);
        const sine = loadLanes(angles + half + whole, rest);
        storeLanes(heads + whole, f32x4.sub(f32x4.mul(a, cosine), f32x4.mul(b, sine)), rest);
        storeLanes(second + whole, f32x4.add(f32x4.mul(b, cosine), f32x4.mul(a, sine)), rest);
      }
      heads += half << 1;
    }
    angles += half << 1;
  }
}
