import { paddedWidth, valuesF32 } from "../pages/layout";
import { madd } from "../shared/madd";
import { addTotals } from "./add-totals";

/**
 * Adds weighted values of slots from..to of an f32 page, one slot at a time, and their weights, for queries that see the
 * same slots.
 *
 * Shapes   weights: a row of 32 a query, `weightBytes` apart; page  ->  sums: a row a query, `sumBytes` apart: [Dp] f32 and,
 *          16 bytes before its end, the total
 * Units    pointers are byte offsets; page, weights and sums 16-byte aligned
 * Order    one sum a query and element, slots ascending, the same in tiles of 4, 2 and 1 queries: an absent slot leaves no
 *          trace
 */
export function weighPageF32(
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
  const slotBytes = paddedWidth(width) << 2;
  const values = valuesF32(page, width) + <usize>from * slotBytes;
  const length = <usize>(to - from) << 2;
  let weight = weights + (<usize>from << 2);
  let left = count;
  for (; left >= 4; left -= 4) {
    addTotals(weight, weightBytes, length, sums + sumBytes - 16, sumBytes, 4);
    let at: usize = 0;
    for (; at + 32 <= slotBytes; at += 32) {
      weighFour(weight, weightBytes, length, values + at, slotBytes, sums + at, sumBytes);
    }
    if (at < slotBytes) {
      for (let i: usize = 0; i < 4; i++) {
        weighVector(weight + i * weightBytes, length, values + at, slotBytes, sums + i * sumBytes + at);
      }
    }
    weight += weightBytes << 2;
    sums += sumBytes << 2;
  }
  if (left >= 2) {
    addTotals(weight, weightBytes, length, sums + sumBytes - 16, sumBytes, 2);
    let at: usize = 0;
    for (; at + 64 <= slotBytes; at += 64) {
      weighTwo(weight, weightBytes, length, values + at, slotBytes, sums + at, sumBytes);
    }
    for (; at < slotBytes; at += 16) {
      weighVector(weight, length, values + at, slotBytes, sums + at);
      weighVector(weight + weightBytes, length, values + at, slotBytes, sums + sumBytes + at);
    }
    weight += weightBytes << 1;
    sums += sumBytes << 1;
    left -= 2;
  }
  if (left > 0) {
    addTotals(weight, weightBytes, length, sums + sumBytes - 16, sumBytes, 1);
    let at: usize = 0;
    for (; at + 128 <= slotBytes; at += 128) {
      weighOne(weight, length, values + at, slotBytes, sums + at);
    }
    for (; at < slotBytes; at += 16) weighVector(weight, length, values + at, slotBytes, sums + at);
  }
}

/** Four queries by 8 elements: 6 loads for 8 multiply-adds. */
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
    const v0 = v128.load(values);
    const v1 = v128.load(values, 16);
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

/** Two queries by 16 elements: 6 loads for 8 multiply-adds. */
function weighTwo(
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
  const end = weights + length;
  let sum = sums;
  let s00 = v128.load(sum);
  let s01 = v128.load(sum, 16);
  let s02 = v128.load(sum, 32);
  let s03 = v128.load(sum, 48);
  sum += sumBytes;
  let s10 = v128.load(sum);
  let s11 = v128.load(sum, 16);
  let s12 = v128.load(sum, 32);
  let s13 = v128.load(sum, 48);
  while (p0 < end) {
    const v0 = v128.load(values);
    const v1 = v128.load(values, 16);
    const v2 = v128.load(values, 32);
    const v3 = v128.load(values, 48);
    let x = v128.load32_splat(p0);
    s00 = madd(x, v0, s00);
    s01 = madd(x, v1, s01);
    s02 = madd(x, v2, s02);
    s03 = madd(x, v3, s03);
    x = v128.load32_splat(p1);
    s10 = madd(x, v0, s10);
    s11 = madd(x, v1, s11);
    s12 = madd(x, v2, s12);
    s13 = madd(x, v3, s13);
    values += slotBytes;
    p0 += 4;
    p1 += 4;
  }
  sum = sums;
  v128.store(sum, s00);
  v128.store(sum, s01, 16);
  v128.store(sum, s02, 32);
  v128.store(sum, s03, 48);
  sum += sumBytes;
  v128.store(sum, s10);
  v128.store(sum, s11, 16);
  v128.store(sum, s12, 32);
  v128.store(sum, s13, 48);
}

/** One query by 32 elements, two slots a turn. */
function weighOne(
  weights: usize,
  length: usize,
  values: usize,
  slotBytes: usize,
  sums: usize,
): void {
  let p0 = weights;
  const end = weights + length;
  const paired = weights + (length & ~7);
  let s00 = v128.load(sums);
  let s01 = v128.load(sums, 16);
  let s02 = v128.load(sums, 32);
  let s03 = v128.load(sums, 48);
  let s04 = v128.load(sums, 64);
  let s05 = v128.load(sums, 80);
  let s06 = v128.load(sums, 96);
  let s07 = v128.load(sums, 112);
  while (p0 < paired) {
    let x = v128.load32_splat(p0);
    s00 = madd(x, v128.load(values), s00);
    s01 = madd(x, v128.load(values, 16), s01);
    s02 = madd(x, v128.load(values, 32), s02);
    s03 = madd(x, v128.load(values, 48), s03);
    s04 = madd(x, v128.load(values, 64), s04);
    s05 = madd(x, v128.load(values, 80), s05);
    s06 = madd(x, v128.load(values, 96), s06);
    s07 = madd(x, v128.load(values, 112), s07);
    values += slotBytes;
    x = v128.load32_splat(p0, 4);
    s00 = madd(x, v128.load(values), s00);
    s01 = madd(x, v128.load(values, 16), s01);
    s02 = madd(x, v128.load(values, 32), s02);
    s03 = madd(x, v128.load(values, 48), s03);
    s04 = madd(x, v128.load(values, 64), s04);
    s05 = madd(x, v128.load(values, 80), s05);
    s06 = madd(x, v128.load(values, 96), s06);
    s07 = madd(x, v128.load(values, 112), s07);
    values += slotBytes;
    p0 += 8;
  }
  if (p0 < end) {
    const x = v128.load32_splat(p0);
    s00 = madd(x, v128.load(values), s00);
    s01 = madd(x, v128.load(values, 16), s01);
    s02 = madd(x, v128.load(values, 32), s02);
    s03 = madd(x, v128.load(values, 48), s03);
    s04 = madd(x, v128.load(values, 64), s04);
    s05 = madd(x, v128.load(values, 80), s05);
    s06 = madd(x, v128.load(values, 96), s06);
    s07 = madd(x, v128.load(values, 112), s07);
  }
  v128.store(sums, s00);
  v128.store(sums, s01, 16);
  v128.store(sums, s02, 32);
  v128.store(sums, s03, 48);
  v128.store(sums, s04, 64);
  v128.store(sums, s05, 80);
  v128.store(sums, s06, 96);
  v128.store(sums, s07, 112);
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
    sum = madd(v128.load32_splat(weights), v128.load(values), sum);
    values += slotBytes;
  }
  v128.store(sums, sum);
}
