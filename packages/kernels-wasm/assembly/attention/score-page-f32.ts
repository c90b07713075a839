import { KEYS_F32 } from "../pages/layout";
import { madd } from "../shared/madd";
import { finishScores } from "./finish-scores";

/**
 * Logits of one query against the 32 slots of an f32 page.
 *
 * Shapes   query [D] f32, page  ->  scores [32] f32
 * Units    pointers are byte offsets; page and scores 16-byte aligned
 * Order    one sum a slot, d ascending; a slot's bits do not depend on where it lies
 */
export function scorePageF32(
  query: usize,
  page: usize,
  scores: usize,
  width: i32,
  scale: f32,
  cap: f32,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  let key = page + KEYS_F32;
  const end = key + (<usize>width << 7);
  while (key < end) {
    const q = v128.load32_splat(query);
    s0 = madd(q, v128.load(key), s0);
    s1 = madd(q, v128.load(key, 16), s1);
    s2 = madd(q, v128.load(key, 32), s2);
    s3 = madd(q, v128.load(key, 48), s3);
    s4 = madd(q, v128.load(key, 64), s4);
    s5 = madd(q, v128.load(key, 80), s5);
    s6 = madd(q, v128.load(key, 96), s6);
    s7 = madd(q, v128.load(key, 112), s7);
    query += 4;
    key += 128;
  }
  const factor = f32x4.splat(scale);
  v128.store(scores, finishScores(s0, factor, cap, v128.load(page)));
  v128.store(scores, finishScores(s1, factor, cap, v128.load(page, 16)), 16);
  v128.store(scores, finishScores(s2, factor, cap, v128.load(page, 32)), 32);
  v128.store(scores, finishScores(s3, factor, cap, v128.load(page, 48)), 48);
  v128.store(scores, finishScores(s4, factor, cap, v128.load(page, 64)), 64);
  v128.store(scores, finishScores(s5, factor, cap, v128.load(page, 80)), 80);
  v128.store(scores, finishScores(s6, factor, cap, v128.load(page, 96)), 96);
  v128.store(scores, finishScores(s7, factor, cap, v128.load(page, 112)), 112);
}
