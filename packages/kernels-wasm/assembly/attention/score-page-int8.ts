import { KEY_SCALES, KEYS_INT8 } from "../pages/layout";
import { highCodes, lowCodes } from "../shared/codes";
import { madd } from "../shared/madd";
import { capScores } from "./cap-scores";

/**
 * Logits of the queries of a tile against the 32 slots of an int8 page.
 *
 * Shapes   queries [count, D] f32, page, zeros [32]  ->  scores: a row of 32 a query, `scoreBytes` apart
 * Units    pointers are byte offsets; page and scores 16-byte aligned
 * Order    one sum of query times code a query and slot, d ascending, then the slot's scale; the same in tiles of 4, 2 and
 *          1 queries
 */
export function scorePageInt8(
  queries: usize,
  count: i32,
  page: usize,
  scores: usize,
  scoreBytes: usize,
  width: i32,
  scale: f32,
  cap: f32,
  zeros: usize,
): void {
  // Capped scores get their log weights afterwards.
  const logWeights = cap == 0 ? page : zeros;
  const firstScores = scores;
  const queryBytes = <usize>width << 2;
  let left = count;
  for (; left >= 4; left -= 4) {
    scoreFour(queries, page, scores, scoreBytes, width, scale, logWeights);
    queries += queryBytes << 2;
    scores += scoreBytes << 2;
  }
  if (left >= 2) {
    scoreTwo(queries, page, scores, scoreBytes, width, scale, logWeights);
    queries += queryBytes << 1;
    scores += scoreBytes << 1;
    left -= 2;
  }
  if (left > 0) scoreOne(queries, page, scores, width, scale, logWeights);
  if (cap != 0) capScores(firstScores, count, scoreBytes, page, cap);
}

/** Four queries by 8 slots at a time: the codes are converted once. */
function scoreFour(
  queries: usize,
  page: usize,
  scores: usize,
  scoreBytes: usize,
  width: i32,
  scale: f32,
  logWeights: usize,
): void {
  const queryBytes = <usize>width << 2;
  const factor = f32x4.splat(scale);
  const keyBytes = <usize>width << 5;
  for (let part: usize = 0; part < 32; part += 8) {
    let key = page + KEYS_INT8 + part;
    const end = key + keyBytes;
    let q0 = queries;
    let q1 = q0 + queryBytes;
    let q2 = q1 + queryBytes;
    let q3 = q2 + queryBytes;
    let s00 = f32x4.splat(0);
    let s01 = f32x4.splat(0);
    let s10 = f32x4.splat(0);
    let s11 = f32x4.splat(0);
    let s20 = f32x4.splat(0);
    let s21 = f32x4.splat(0);
    let s30 = f32x4.splat(0);
    let s31 = f32x4.splat(0);
    while (key < end) {
      const codes = v128.load8x8_s(key);
      const k0 = lowCodes(codes);
      const k1 = highCodes(codes);
      let x = v128.load32_splat(q0);
      s00 = madd(x, k0, s00);
      s01 = madd(x, k1, s01);
      x = v128.load32_splat(q1);
      s10 = madd(x, k0, s10);
      s11 = madd(x, k1, s11);
      x = v128.load32_splat(q2);
      s20 = madd(x, k0, s20);
      s21 = madd(x, k1, s21);
      x = v128.load32_splat(q3);
      s30 = madd(x, k0, s30);
      s31 = madd(x, k1, s31);
      q0 += 4;
      q1 += 4;
      q2 += 4;
      q3 += 4;
      key += 32;
    }
    const offset = part << 2;
    let to = scores + offset;
    const scale0 = v128.load(page + offset, KEY_SCALES);
    const scale1 = v128.load(page + offset, KEY_SCALES + 16);
    v128.store(to, madd(f32x4.mul(s00, scale0), factor, v128.load(logWeights + offset)));
    v128.store(to, madd(f32x4.mul(s01, scale1), factor, v128.load(logWeights + offset, 16)), 16);
    to += scoreBytes;
    v128.store(to, madd(f32x4.mul(s10, scale0), factor, v128.load(logWeights + offset)));
    v128.store(to, madd(f32x4.mul(s11, scale1), factor, v128.load(logWeights + offset, 16)), 16);
    to += scoreBytes;
    v128.store(to, madd(f32x4.mul(s20, scale0), factor, v128.load(logWeights + offset)));
    v128.store(to, madd(f32x4.mul(s21, scale1), factor, v128.load(logWeights + offset, 16)), 16);
    to += scoreBytes;
    v128.store(to, madd(f32x4.mul(s30, scale0), factor, v128.load(logWeights + offset)));
    v128.store(to, madd(f32x4.mul(s31, scale1), factor, v128.load(logWeights + offset, 16)), 16);
  }
}

/** Two queries by 16 slots at a time. */
function scoreTwo(
  queries: usize,
  page: usize,
  scores: usize,
  scoreBytes: usize,
  width: i32,
  scale: f32,
  logWeights: usize,
): void {
  const queryBytes = <usize>width << 2;
  const factor = f32x4.splat(scale);
  const keyBytes = <usize>width << 5;
  for (let part: usize = 0; part < 32; part += 16) {
    let key = page + KEYS_INT8 + part;
    const end = key + keyBytes;
    let q0 = queries;
    let q1 = q0 + queryBytes;
    let s00 = f32x4.splat(0);
    let s01 = f32x4.splat(0);
    let s02 = f32x4.splat(0);
    let s03 = f32x4.splat(0);
    let s10 = f32x4.splat(0);
    let s11 = f32x4.splat(0);
    let s12 = f32x4.splat(0);
    let s13 = f32x4.splat(0);
    while (key < end) {
      let codes = v128.load8x8_s(key);
      const k0 = lowCodes(codes);
      const k1 = highCodes(codes);
      codes = v128.load8x8_s(key, 8);
      const k2 = lowCodes(codes);
      const k3 = highCodes(codes);
      let x = v128.load32_splat(q0);
      s00 = madd(x, k0, s00);
      s01 = madd(x, k1, s01);
      s02 = madd(x, k2, s02);
      s03 = madd(x, k3, s03);
      x = v128.load32_splat(q1);
      s10 = madd(x, k0, s10);
      s11 = madd(x, k1, s11);
      s12 = madd(x, k2, s12);
      s13 = madd(x, k3, s13);
      q0 += 4;
      q1 += 4;
      key += 32;
    }
    const offset = part << 2;
    let to = scores + offset;
    const scale0 = v128.load(page + offset, KEY_SCALES);
    const scale1 = v128.load(page + offset, KEY_SCALES + 16);
    const scale2 = v128.load(page + offset, KEY_SCALES + 32);
    const scale3 = v128.load(page + offset, KEY_SCALES + 48);
    v128.store(to, madd(f32x4.mul(s00, scale0), factor, v128.load(logWeights + offset)));
    v128.store(to, madd(f32x4.mul(s01, scale1), factor, v128.load(logWeights + offset, 16)), 16);
    v128.store(to, madd(f32x4.mul(s02, scale2), factor, v128.load(logWeights + offset, 32)), 32);
    v128.store(to, madd(f32x4.mul(s03, scale3), factor, v128.load(logWeights + offset, 48)), 48);
    to += scoreBytes;
    v128.store(to, madd(f32x4.mul(s10, scale0), factor, v128.load(logWeights + offset)));
    v128.store(to, madd(f32x4.mul(s11, scale1), factor, v128.load(logWeights + offset, 16)), 16);
    v128.store(to, madd(f32x4.mul(s12, scale2), factor, v128.load(logWeights + offset, 32)), 32);
    v128.store(to, madd(f32x4.mul(s13, scale3), factor, v128.load(logWeights + offset, 48)), 48);
  }
}

/** One query by 16 slots at a time: 8 sums and their converted codes would not fit the registers. */
function scoreOne(
  queries: usize,
  page: usize,
  scores: usize,
  width: i32,
  scale: f32,
  logWeights: usize,
): void {
  const factor = f32x4.splat(scale);
  const keyBytes = <usize>width << 5;
  for (let part: usize = 0; part < 32; part += 16) {
    let key = page + KEYS_INT8 + part;
    const end = key + keyBytes;
    let q0 = queries;
    let s00 = f32x4.splat(0);
    let s01 = f32x4.splat(0);
    let s02 = f32x4.splat(0);
    let s03 = f32x4.splat(0);
    while (key < end) {
      let codes = v128.load8x8_s(key);
      const k0 = lowCodes(codes);
      const k1 = highCodes(codes);
      codes = v128.load8x8_s(key, 8);
      const k2 = lowCodes(codes);
      const k3 = highCodes(codes);
      const x = v128.load32_splat(q0);
      s00 = madd(x, k0, s00);
      s01 = madd(x, k1, s01);
      s02 = madd(x, k2, s02);
      s03 = madd(x, k3, s03);
      q0 += 4;
      key += 32;
    }
    const offset = part << 2;
    const to = scores + offset;
    const scale0 = v128.load(page + offset, KEY_SCALES);
    const scale1 = v128.load(page + offset, KEY_SCALES + 16);
    const scale2 = v128.load(page + offset, KEY_SCALES + 32);
    const scale3 = v128.load(page + offset, KEY_SCALES + 48);
    v128.store(to, madd(f32x4.mul(s00, scale0), factor, v128.load(logWeights + offset)));
    v128.store(to, madd(f32x4.mul(s01, scale1), factor, v128.load(logWeights + offset, 16)), 16);
    v128.store(to, madd(f32x4.mul(s02, scale2), factor, v128.load(logWeights + offset, 32)), 32);
    v128.store(to, madd(f32x4.mul(s03, scale3), factor, v128.load(logWeights + offset, 48)), 48);
  }
}
