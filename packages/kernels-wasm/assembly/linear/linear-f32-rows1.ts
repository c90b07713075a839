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
  const whole = min(to, outputs >> 3);
  for (; block + 4 <= whole; block += 4) {
    let w0 = weights + <usize>block * blockBytes;
    let w1 = w0 + blockBytes;
    let w2 = w1 + blockBytes;
    let w3 = w2 + blockBytes;
    const end = w1;
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
    // An odd k comes first: what follows the loop would cost it registers.
    if (width & 1) {
      const a = v128.load32_splat(x);
      s0 = madd(a, v128.load(w0), s0);
      s1 = madd(a, v128.load(w0, 16), s1);
      s2 = madd(a, v128.load(w1), s2);
      s3 = madd(a, v128.load(w1, 16), s3);
      s4 = madd(a, v128.load(w2), s4);
      s5 = madd(a, v128.load(w2, 16), s5);
      s6 = madd(a, v128.load(w3), s6);
      s7 = madd(a, v128.load(w3, 16), s7);
      w0 += 32;
      w1 += 32;
      w2 += 32;
      w3 += 32;
      x += 4;
    }
    while (w0 < end) {
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
    const y = out + (<usize>block << 5);
    v128.store(y, s0);
    v128.store(y, s1, 16);
    v128.store(y, s2, 32);
    v128.store(y, s3, 48);
    v128.store(y, s4, 64);
    v128.store(y, s5, 80);
    v128.store(y, s6, 96);
    v128.store(y, s7, 112);
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
