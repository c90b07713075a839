/**
 * Turns heads in place, halves apart: (x1, x2) -> (x1 cos - x2 sin, x2 cos + x1 sin).
 *
 * Paper    RoPE, arXiv:2104.09864
 * Shapes   heads [R, H * D]; angles [R, D]: a row holds D/2 cosines, then D/2 sines
 * Order    each product and the sum in f64, rounded once
 * Cost     O(R H D)
 * Errors   none in here: the door has checked
 */
export function rope(
  heads: Float32Array,
  angles: Float32Array,
  headCount: number,
  headWidth: number,
  rows: number,
): void {
  const half = headWidth / 2;
  for (let r = 0; r < rows; r++) {
    for (let h = 0; h < headCount; h++) {
      turn(heads, (r * headCount + h) * headWidth, angles, r * headWidth, half);
    }
  }
}

/** One head at `at` by the angles at `from`. */
export function turn(
  heads: Float32Array,
  at: number,
  angles: Float32Array,
  from: number,
  half: number,
): void {
  for (let i = 0; i < half; i++) {
    const cos = angles[from + i]!;
    const sin = angles[from + half + i]!;
    const first = heads[at + i]!;
    const second = heads[at + half + i]!;
    heads[at + i] = first * cos - second * sin;
    heads[at + half + i] = second * cos + first * sin;
  }
}
