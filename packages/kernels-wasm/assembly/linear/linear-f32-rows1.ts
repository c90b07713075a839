import { madd } from "../shared/madd";
import { storeBlock } from "./store-block";

/**
 * One row by 32 outputs: 8 sums over four streams of weights, two k a turn; last single blocks by 8 outputs.
 *
 * Shapes   as `linearF32`, blocks from..to of the outputs
 * Order    one sum an output, k ascending
 */
export function linearF32Rows1(
  weights: usize,
  bias: usize,
  input: usize,
  out: usize,
  width: i32,
  outputs: i32,
  from: i32,
  to: i32,
): void {
  const blockBytes = <usize>width << 5;
  let block = from;
  for (; block + 4 <= to; block += 4) {
    let w0 = weights + <usize>block * blockBytes;
    let w1 = w0 + blockBytes;
    let w2 = w1 + blockBytes;
    let w3 = w2 + blockBytes;
    const end = w1;
    const paired = w0 + (<usize>(width & ~1) << 5);
    let x = input;
    const start = bias + (<usize>block << 5);
    let s0 = v128.load(start);
    let s1 = v128.load(start, 16);
    let s2 = v128.load(start, 32);
    let s3 = v128.load(start, 48);
    let s4 = v128.load(start, 64);
    let s5 = v128.load(start, 80);
    let s6 = v128.load(start, 96);
    let s7 = v128.load(start, 112);
    while (w0 < paired) {
      let a = v128.load32_splat(x);
      s0 = madd(a, v128.load(w0), s0);
      s1 = madd(a, v128.load(w0, 16), s1);
      s2 = madd(a, v128.load(w1), s2);
      s3 = madd(a, v128.load(w1, 16), s3);
      s4 = madd(a, v128.load(w2), s4);
      s5 = madd(a, v128.load(w2, 16), s5);
      s6 = madd(a, v128.load(w3), s6);
      s7 = madd(a, v128.load(w3, 16), s7);
      a = v128.load32_splat(x, 4);
      s0 = madd(a, v128.load(w0, 32), s0);
      s1 = madd(a, v128.load(w0, 48), s1);
      s2 = madd(a, v128.load(w1, 32), s2);
      s3 = madd(a, v128.load(w1, 48), s3);
      s4 = madd(a, v128.load(w2, 32), s4);
      s5 = madd(a, v128.load(w2, 48), s5);
      s6 = madd(a, v128.load(w3, 32), s6);
      s7 = madd(a, v128.load(w3, 48), s7);
      w0 += 64;
      w1 += 64;
      w2 += 64;
      w3 += 64;
      x += 8;
    }
    if (w0 < end) {
      const a = v128.load32_splat(x);
      s0 = madd(a, v128.load(w0), s0);
      s1 = madd(a, v128.load(w0, 16), s1);
      s2 = madd(a, v128.load(w1), s2);
      s3 = madd(a, v128.load(w1, 16), s3);
      s4 = madd(a, v128.load(w2), s4);
      s5 = madd(a, v128.load(w2, 16), s5);
      s6 = madd(a, v128.load(w3), s6);
      s7 = madd(a, v128.load(w3, 16), s7);
    }
    const y = out + (<usize>block << 5);
    const room = outputs - (block << 3);
    storeBlock(y, s0, s1, room);
    storeBlock(y + 32, s2, s3, room - 8);
    storeBlock(y + 64, s4, s5, room - 16);
    storeBlock(y + 96, s6, s7, room - 24);
  }
  for (; block < to; block++) {
    let w = weights + <usize>block * blockBytes;
    const end = w + blockBytes;
    let x = input;
    let low = v128.load(bias + (<usize>block << 5));
    let high = v128.load(bias + (<usize>block << 5), 16);
    while (w < end) {
      const a = v128.load32_splat(x);
      low = madd(a, v128.load(w), low);
      high = madd(a, v128.load(w, 16), high);
      w += 32;
      x += 4;
    }
    storeBlock(out + (<usize>block << 5), low, high, outputs - (block << 3));
  }
}
