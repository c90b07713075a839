import { tanh } from "../shared/tanh";

/**
 * Caps the scaled scores of a page and adds its log weights: cap tanh(score / cap) + log weight.
 *
 * Shapes   scores: a row of 32 a query, `scoreBytes` apart, in place; page: log weights [32] first
 * Units    pointers are byte offsets, 16-byte aligned
 * Order    each lane alone
 */
export function capScores(
  scores: usize,
  count: i32,
  scoreBytes: usize,
  page: usize,
  cap: f32,
): void {
  const caps = f32x4.splat(cap);
  for (let i = 0; i < count; i++) {
    for (let at: usize = 0; at < 128; at += 16) {
      const capped = f32x4.mul(tanh(f32x4.div(v128.load(scores + at), caps)), caps);
      v128.store(scores + at, f32x4.add(capped, v128.load(page + at)));
    }
    scores += scoreBytes;
  }
}
