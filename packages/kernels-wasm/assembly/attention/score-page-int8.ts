import { KEY_SCALES, KEYS_INT8 } from "../pages/layout";
import { highCodes, lowCodes } from "../shared/codes";
import { madd } from "../shared/madd";
import { finishScores } from "./finish-scores";

/**
 * Logits of the queries of a tile against the 32 slots of an int8 page.
 *
 * Shapes   queries [count, D] f32, page  ->  scores: a row of 32 a query, `scoreBytes` apart
 * Units    pointers are byte offsets; page and scores 16-byte aligned
 * Order    one sum of query times code a slot, d ascending, then the slot's scale
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
): void {
  for (let i = 0; i < count; i++) {
    scoreOne(queries, page, scores, width, scale, cap);
    queries += <usize>width << 2;
    scores += scoreBytes;
  }
}

function scoreOne(
  query: usize,
  page: usize,
  scores: usize,
  width: i32,
  scale: f32,
  cap: f32,
): void {
  const factor = f32x4.splat(scale);
  // 16 slots at a time: 8 sums and their converted codes would not fit the registers.
  for (let part: usize = 0; part < 2; part++) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let q = query;
    let key = page + KEYS_INT8 + (part << 4);
    const end = key + (<usize>width << 5);
    while (key < end) {
      const x = v128.load32_splat(q);
      let codes = v128.load8x8_s(key);
      s0 = madd(x, lowCodes(codes), s0);
      s1 = madd(x, highCodes(codes), s1);
      codes = v128.load8x8_s(key, 8);
      s2 = madd(x, lowCodes(codes), s2);
      s3 = madd(x, highCodes(codes), s3);
      q += 4;
      key += 32;
    }
    const logWeights = page + (part << 6);
    const scales = logWeights + KEY_SCALES;
    const to = scores + (part << 6);
    let dots = f32x4.mul(s0, v128.load(scales));
    v128.store(to, finishScores(dots, factor, cap, v128.load(logWeights)));
    dots = f32x4.mul(s1, v128.load(scales, 16));
    v128.store(to, finishScores(dots, factor, cap, v128.load(logWeights, 16)), 16);
    dots = f32x4.mul(s2, v128.load(scales, 32));
    v128.store(to, finishScores(dots, factor, cap, v128.load(logWeights, 32)), 32);
    dots = f32x4.mul(s3, v128.load(scales, 48));
    v128.store(to, finishScores(dots, factor, cap, v128.load(logWeights, 48)), 48);
  }
}
