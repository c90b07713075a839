import { paddedWidth, valuesF32 } from "../pages/layout";
import { madd } from "../shared/madd";

/**
 * Adds weighted values of slots from..to of an f32 page, one slot at a time, and their weights.
 *
 * Shapes   weights [32] f32, page  ->  sums [Dp] f32 grow, total [1] f32 grows
 * Units    pointers are byte offsets, all but `total` 16-byte aligned
 * Order    one sum an element, slots ascending: an absent slot leaves no trace
 */
export function weighPageF32(
  weights: usize,
  page: usize,
  from: i32,
  to: i32,
  sums: usize,
  total: usize,
  width: i32,
): void {
  const slotBytes = paddedWidth(width) << 2;
  const begin = weights + (<usize>from << 2);
  const end = weights + (<usize>to << 2);
  let all = v128.load32_zero(total);
  for (let weight = begin; weight < end; weight += 4) {
    all = f32x4.add(all, v128.load32_zero(weight));
  }
  v128.store32_lane(total, all, 0);
  const first = valuesF32(page, width) + <usize>from * slotBytes;
  let at: usize = 0;
  for (; at + 128 <= slotBytes; at += 128) {
    const sum = sums + at;
    let value = first + at;
    let s0 = v128.load(sum);
    let s1 = v128.load(sum, 16);
    let s2 = v128.load(sum, 32);
    let s3 = v128.load(sum, 48);
    let s4 = v128.load(sum, 64);
    let s5 = v128.load(sum, 80);
    let s6 = v128.load(sum, 96);
    let s7 = v128.load(sum, 112);
    for (let weight = begin; weight < end; weight += 4) {
      const p = v128.load32_splat(weight);
      s0 = madd(p, v128.load(value), s0);
      s1 = madd(p, v128.load(value, 16), s1);
      s2 = madd(p, v128.load(value, 32), s2);
      s3 = madd(p, v128.load(value, 48), s3);
      s4 = madd(p, v128.load(value, 64), s4);
      s5 = madd(p, v128.load(value, 80), s5);
      s6 = madd(p, v128.load(value, 96), s6);
      s7 = madd(p, v128.load(value, 112), s7);
      value += slotBytes;
    }
    v128.store(sum, s0);
    v128.store(sum, s1, 16);
    v128.store(sum, s2, 32);
    v128.store(sum, s3, 48);
    v128.store(sum, s4, 64);
    v128.store(sum, s5, 80);
    v128.store(sum, s6, 96);
    v128.store(sum, s7, 112);
  }
  for (; at + 64 <= slotBytes; at += 64) {
    const sum = sums + at;
    let value = first + at;
    let s0 = v128.load(sum);
    let s1 = v128.load(sum, 16);
    let s2 = v128.load(sum, 32);
    let s3 = v128.load(sum, 48);
    for (let weight = begin; weight < end; weight += 4) {
      const p = v128.load32_splat(weight);
      s0 = madd(p, v128.load(value), s0);
      s1 = madd(p, v128.load(value, 16), s1);
      s2 = madd(p, v128.load(value, 32), s2);
      s3 = madd(p, v128.load(value, 48), s3);
      value += slotBytes;
    }
    v128.store(sum, s0);
    v128.store(sum, s1, 16);
    v128.store(sum, s2, 32);
    v128.store(sum, s3, 48);
  }
  for (; at < slotBytes; at += 16) {
    let value = first + at;
    let s0 = v128.load(sums + at);
    for (let weight = begin; weight < end; weight += 4) {
      s0 = madd(v128.load32_splat(weight), v128.load(value), s0);
      value += slotBytes;
    }
    v128.store(sums + at, s0);
  }
}
