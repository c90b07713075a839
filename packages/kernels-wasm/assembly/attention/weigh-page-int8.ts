import { paddedWidth, VALUE_SCALES, valuesInt8 } from "../pages/layout";
import { highCodes, lowCodes } from "../shared/codes";
import { madd } from "../shared/madd";
import { addTotals } from "./add-totals";

/**
 * Adds weighted values of slots from..to of an int8 page, one slot at a time, and their weights, for queries that see
 * the same slots.
 *
 * Shapes   as `weighPageF32`; the weights of these slots are multiplied by the slots' scales in place
 * Order    one sum of (weight times scale) times code a query and element, slots ascending, the same in tiles of 4, 2 and 1
 *          queries
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
  const slotBytes = paddedWidth(width);
  const values = valuesInt8(page, width) + <usize>from * slotBytes;
  const scales = page + VALUE_SCALES + (<usize>from << 2);
  const length = <usize>(to - from) << 2;
  let weight = weights + (<usize>from << 2);
  let left = count;
  for (; left >= 4; left -= 4) {
    addTotals(weight, weightBytes, length, sums + sumBytes - 16, sumBytes, 4);
    for (let i: usize = 0; i < 4; i++) scaleWeights(weight + i * weightBytes, scales, length);
    let at: usize = 0;
    for (; at + 8 <= slotBytes; at += 8) {
      weighFour(weight, weightBytes, length, values + at, slotBytes, sums + (at << 2), sumBytes);
    }
    if (at < slotBytes) {
      for (let i: usize = 0; i < 4; i++) {
        const sum = sums + i * sumBytes + (at << 2);
        weighVector(weight + i * weightBytes, length, values + at, slotBytes, sum);
      }
    }
    weight += weightBytes << 2;
    sums += sumBytes << 2;
  }
  for (; left > 0; left--) {
    addTotals(weight, weightBytes, length, sums + sumBytes - 16, sumBytes, 1);
    scaleWeights(weight, scales, length);
    let at: usize = 0;
    for (; at + 16 <= slotBytes; at += 16) {
      weighOne(weight, length, values + at, slotBytes, sums + (at << 2));
    }
    for (; at < slotBytes; at += 4) {
      weighVector(weight, length, values + at, slotBytes, sums + (at << 2));
    }
    weight += weightBytes;
    sums += sumBytes;
  }
}

/** A slot is weighed once, so its weight may change; lanes beside the slots in hand are left alone. */
function scaleWeights(weights: usize, scales: usize, length: usize): void {
  let at: usize = 0;
  for (; at + 16 <= length; at += 16) {
    v128.store(weights + at, f32x4.mul(v128.load(weights + at), v128.load(scales + at)));
  }
  for (; at < length; at += 4) {
    store<f32>(weights + at, load<f32>(weights + at) * load<f32>(scales + at));
  }
}

/** Four queries by 8 elements: the codes are converted once. */
function weighFour(
  weights: usize,
  weightBytes: usize,
  length: usize,
  values: usize,
  slotBytes: usize,
  sums: usize,
  sumBytes: usize,
): void {
  let p0 = weights;
  let p1 = p0 + weightBytes;
  let p2 = p1 + weightBytes;
  let p3 = p2 + weightBytes;
  const end = weights + length;
  let sum = sums;
  let s00 = v128.load(sum);
  let s01 = v128.load(sum, 16);
  sum += sumBytes;
  let s10 = v128.load(sum);
  let s11 = v128.load(sum, 16);
  sum += sumBytes;
  let s20 = v128.load(sum);
  let s21 = v128.load(sum, 16);
  sum += sumBytes;
  let s30 = v128.load(sum);
  let s31 = v128.load(sum, 16);
  while (p0 < end) {
    const codes = v128.load8x8_s(values);
    const v0 = lowCodes(codes);
    const v1 = highCodes(codes);
    let x = v128.load32_splat(p0);
    s00 = madd(x, v0, s00);
    s01 = madd(x, v1, s01);
    x = v128.load32_splat(p1);
    s10 = madd(x, v0, s10);
    s11 = madd(x, v1, s11);
    x = v128.load32_splat(p2);
    s20 = madd(x, v0, s20);
    s21 = madd(x, v1, s21);
    x = v128.load32_splat(p3);
    s30 = madd(x, v0, s30);
    s31 = madd(x, v1, s31);
    values += slotBytes;
    p0 += 4;
    p1 += 4;
    p2 += 4;
    p3 += 4;
  }
  sum = sums;
  v128.store(sum, s00);
  v128.store(sum, s01, 16);
  sum += sumBytes;
  v128.store(sum, s10);
  v128.store(sum, s11, 16);
  sum += sumBytes;
  v128.store(sum, s20);
  v128.store(sum, s21, 16);
  sum += sumBytes;
  v128.store(sum, s30);
  v128.store(sum, s31, 16);
}

/** One query by 16 elements. */
function weighOne(
  weights: usize,
  length: usize,
  values: usize,
  slotBytes: usize,
  sums: usize,
): void {
  let p0 = weights;
  const end = weights + length;
  let s00 = v128.load(sums);
  let s01 = v128.load(sums, 16);
  let s02 = v128.load(sums, 32);
  let s03 = v128.load(sums, 48);
  while (p0 < end) {
    let codes = v128.load8x8_s(values);
    const v0 = lowCodes(codes);
    const v1 = highCodes(codes);
    codes = v128.load8x8_s(values, 8);
    const v2 = lowCodes(codes);
    const v3 = highCodes(codes);
    const x = v128.load32_splat(p0);
    s00 = madd(x, v0, s00);
    s01 = madd(x, v1, s01);
    s02 = madd(x, v2, s02);
    s03 = madd(x, v3, s03);
    values += slotBytes;
    p0 += 4;
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s02, 32);
  v128.store(sums, s03, 48);
}

/** One query by 4 elements: what is left over. */
function weighVector(
  weights: usize,
  length: usize,
  values: usize,
  slotBytes: usize,
  sums: usize,
): void {
  const end = weights + length;
  let sum = v128.load(sums);
  for (; weights < end; weights += 4) {
    const codes = i16x8.extend_low_i8x16_s(v128.load32_zero(values));
    sum = madd(v128.load32_splat(weights), lowCodes(codes), sum);
    values += slotBytes;
  }
  v128.store(sums, sum);
}
