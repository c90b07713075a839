import { paddedWidth, VALUE_SCALES, valuesInt8 } from "../pages/layout";
import { highCodes, lowCodes } from "../shared/codes";
import { madd } from "../shared/madd";
import { addTotals } from "./add-totals";

/**
 * Adds weighted values of slots from..to of an int8 page, one slot at a time, and their weights, for queries that see
 * the same slots.
 *
 * Shapes   as `weighPageF32`
 * Units    pointers are byte offsets, all but `total` 16-byte aligned
 * Order    one sum of (weight times scale) times code an element, slots ascending
 */
export function weighPageInt8(
  weights: usize,
  weightBytes: usize,
  count: i32,
  page: usize,
  from: i32,
  to: i32,
  sums: usize,
  sumBytes: usize,
  width: i32,
): void {
  const length = <usize>(to - from) << 2;
  for (let i = 0; i < count; i++) {
    addTotals(weights + (<usize>from << 2), 0, length, sums + sumBytes - 16, 0, 1);
    weighOne(weights, page, from, to, sums, width);
    weights += weightBytes;
    sums += sumBytes;
  }
}

function weighOne(
  weights: usize,
  page: usize,
  from: i32,
  to: i32,
  sums: usize,
  width: i32,
): void {
  const slotBytes = paddedWidth(width);
  const begin = weights + (<usize>from << 2);
  const end = weights + (<usize>to << 2);
  const scales = page + VALUE_SCALES - weights;
  const first = valuesInt8(page, width) + <usize>from * slotBytes;
  let at: usize = 0;
  for (; at + 16 <= slotBytes; at += 16) {
    const sum = sums + (at << 2);
    let value = first + at;
    let s0 = v128.load(sum);
    let s1 = v128.load(sum, 16);
    let s2 = v128.load(sum, 32);
    let s3 = v128.load(sum, 48);
    for (let weight = begin; weight < end; weight += 4) {
      const p = f32x4.mul(v128.load32_splat(weight), v128.load32_splat(weight + scales));
      let codes = v128.load8x8_s(value);
      s0 = madd(p, lowCodes(codes), s0);
      s1 = madd(p, highCodes(codes), s1);
      codes = v128.load8x8_s(value, 8);
      s2 = madd(p, lowCodes(codes), s2);
      s3 = madd(p, highCodes(codes), s3);
      value += slotBytes;
    }
    v128.store(sum, s0);
    v128.store(sum, s1, 16);
    v128.store(sum, s2, 32);
    v128.store(sum, s3, 48);
  }
  for (; at < slotBytes; at += 4) {
    const sum = sums + (at << 2);
    let value = first + at;
    let s0 = v128.load(sum);
    for (let weight = begin; weight < end; weight += 4) {
      const p = f32x4.mul(v128.load32_splat(weight), v128.load32_splat(weight + scales));
      const codes = i16x8.extend_low_i8x16_s(v128.load32_zero(value));
      s0 = madd(p, lowCodes(codes), s0);
      value += slotBytes;
    }
    v128.store(sum, s0);
  }
}
