import { KEYS_F32 } from "../pages/layout";
import { madd } from "../shared/madd";
import { capScores } from "./cap-scores";

/**
 * Logits of the queries of a tile against the 32 slots of an f32 page.
 *
 * Shapes   queries [count, D] f32, page, zeros [32]  ->  scores: a row of 32 a query, `scoreBytes` apart
 * Units    pointers are byte offsets; page and scores 16-byte aligned
 * Order    one sum a query and slot, d ascending, the same in tiles of 4, 2 and 1 queries: 8 sums each
 */
export function scorePageF32(
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

/** Four queries by 8 slots at a time: 6 loads for 8 multiply-adds. */
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
  const keyBytes = <usize>width << 7;
  for (let part: usize = 0; part < 128; part += 32) {
    let key = page + KEYS_F32 + part;
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
      const k0 = v128.load(key);
      const k1 = v128.load(key, 16);
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
      key += 128;
    }
    let to = scores + part;
    v128.store(to, madd(s00, factor, v128.load(logWeights + part)));
    v128.store(to, madd(s01, factor, v128.load(logWeights + part, 16)), 16);
    to += scoreBytes;
    v128.store(to, madd(s10, factor, v128.load(logWeights + part)));
    v128.store(to, madd(s11, factor, v128.load(logWeights + part, 16)), 16);
    to += scoreBytes;
    v128.store(to, madd(s20, factor, v128.load(logWeights + part)));
    v128.store(to, madd(s21, factor, v128.load(logWeights + part, 16)), 16);
    to += scoreBytes;
    v128.store(to, madd(s30, factor, v128.load(logWeights + part)));
    v128.store(to, madd(s31, factor, v128.load(logWeights + part, 16)), 16);
  }
}

/** Two queries by 16 slots at a time: 6 loads for 8 multiply-adds. */
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
  const keyBytes = <usize>width << 7;
  for (let part: usize = 0; part < 128; part += 64) {
    let key = page + KEYS_F32 + part;
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
      const k0 = v128.load(key);
      const k1 = v128.load(key, 16);
      const k2 = v128.load(key, 32);
      const k3 = v128.load(key, 48);
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
      key += 128;
    }
    let to = scores + part;
    v128.store(to, madd(s00, factor, v128.load(logWeights + part)));
    v128.store(to, madd(s01, factor, v128.load(logWeights + part, 16)), 16);
    v128.store(to, madd(s02, factor, v128.load(logWeights + part, 32)), 32);
    v128.store(to, madd(s03, factor, v128.load(logWeights + part, 48)), 48);
    to += scoreBytes;
    v128.store(to, madd(s10, factor, v128.load(logWeights + part)));
    v128.store(to, madd(s11, factor, v128.load(logWeights + part, 16)), 16);
    v128.store(to, madd(s12, factor, v128.load(logWeights + part, 32)), 32);
    v128.store(to, madd(s13, factor, v128.load(logWeights + part, 48)), 48);
  }
}

/** One query by all 32 slots, two elements a turn. */
function scoreOne(
  queries: usize,
  page: usize,
  scores: usize,
  width: i32,
  scale: f32,
  logWeights: usize,
): void {
  const factor = f32x4.splat(scale);
  const keyBytes = <usize>width << 7;
  let key = page + KEYS_F32;
  const end = key + keyBytes;
  const paired = key + (<usize>(width & ~1) << 7);
  let q0 = queries;
  let s00 = f32x4.splat(0);
  let s01 = f32x4.splat(0);
  let s02 = f32x4.splat(0);
  let s03 = f32x4.splat(0);
  let s04 = f32x4.splat(0);
  let s05 = f32x4.splat(0);
  let s06 = f32x4.splat(0);
  let s07 = f32x4.splat(0);
  while (key < paired) {
    let x = v128.load32_splat(q0);
    s00 = madd(x, v128.load(key), s00);
    s01 = madd(x, v128.load(key, 16), s01);
    s02 = madd(x, v128.load(key, 32), s02);
    s03 = madd(x, v128.load(key, 48), s03);
    s04 = madd(x, v128.load(key, 64), s04);
    s05 = madd(x, v128.load(key, 80), s05);
    s06 = madd(x, v128.load(key, 96), s06);
    s07 = madd(x, v128.load(key, 112), s07);
    x = v128.load32_splat(q0, 4);
    s00 = madd(x, v128.load(key, 128), s00);
    s01 = madd(x, v128.load(key, 144), s01);
    s02 = madd(x, v128.load(key, 160), s02);
    s03 = madd(x, v128.load(key, 176), s03);
    s04 = madd(x, v128.load(key, 192), s04);
    s05 = madd(x, v128.load(key, 208), s05);
    s06 = madd(x, v128.load(key, 224), s06);
    s07 = madd(x, v128.load(key, 240), s07);
    q0 += 8;
    key += 256;
  }
  if (key < end) {
    const x = v128.load32_splat(q0);
    s00 = madd(x, v128.load(key), s00);
    s01 = madd(x, v128.load(key, 16), s01);
    s02 = madd(x, v128.load(key, 32), s02);
    s03 = madd(x, v128.load(key, 48), s03);
    s04 = madd(x, v128.load(key, 64), s04);
    s05 = madd(x, v128.load(key, 80), s05);
    s06 = madd(x, v128.load(key, 96), s06);
    s07 = madd(x, v128.load(key, 112), s07);
  }
  v128.store(scores, madd(s00, factor, v128.load(logWeights)));
  v128.store(scores, madd(s01, factor, v128.load(logWeights, 16)), 16);
  v128.store(scores, madd(s02, factor, v128.load(logWeights, 32)), 32);
  v128.store(scores, madd(s03, factor, v128.load(logWeights, 48)), 48);
  v128.store(scores, madd(s04, factor, v128.load(logWeights, 64)), 64);
  v128.store(scores, madd(s05, factor, v128.load(logWeights, 80)), 80);
  v128.store(scores, madd(s06, factor, v128.load(logWeights, 96)), 96);
  v128.store(scores, madd(s07, factor, v128.load(logWeights, 112)), 112);
}
