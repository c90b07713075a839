import { madd } from "../shared/madd";
import { storeBlock } from "./store-block";

/**
 * Two rows by 16 outputs: 8 sums, 6 loads for 8 multiply-adds; a last single block by 8 outputs.
 *
 * Shapes   as `linearF32`, blocks from..to of the outputs
 * Order    one sum an output, k ascending
 */
export function linearF32Rows2(
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
  const inputBytes = <usize>width << 2;
  const outBytes = <usize>outputs << 2;
  let block = from;
  for (; block + 2 <= to; block += 2) {
    let w0 = weights + <usize>block * blockBytes;
    let w1 = w0 + blockBytes;
    const end = w1;
    let x0 = input;
    let x1 = x0 + inputBytes;
    const start = bias + (<usize>block << 5);
    let a0 = v128.load(start);
    let b0 = v128.load(start, 16);
    let c0 = v128.load(start, 32);
    let d0 = v128.load(start, 48);
    let a1 = a0;
    let b1 = b0;
    let c1 = c0;
    let d1 = d0;
    while (w0 < end) {
      const a = v128.load(w0);
      const b = v128.load(w0, 16);
      const c = v128.load(w1);
      const d = v128.load(w1, 16);
      let x = v128.load32_splat(x0);
      a0 = madd(x, a, a0);
      b0 = madd(x, b, b0);
      c0 = madd(x, c, c0);
      d0 = madd(x, d, d0);
      x = v128.load32_splat(x1);
      a1 = madd(x, a, a1);
      b1 = madd(x, b, b1);
      c1 = madd(x, c, c1);
      d1 = madd(x, d, d1);
      w0 += 32;
      w1 += 32;
      x0 += 4;
      x1 += 4;
    }
    let y = out + (<usize>block << 5);
    const room = outputs - (block << 3);
    storeBlock(y, a0, b0, room);
    storeBlock(y + 32, c0, d0, room - 8);
    y += outBytes;
    storeBlock(y, a1, b1, room);
    storeBlock(y + 32, c1, d1, room - 8);
  }
  if (block < to) {
    let w = weights + <usize>block * blockBytes;
    const end = w + blockBytes;
    let x0 = input;
    let x1 = x0 + inputBytes;
    let a0 = v128.load(bias + (<usize>block << 5));
    let b0 = v128.load(bias + (<usize>block << 5), 16);
    let a1 = a0;
    let b1 = b0;
    while (w < end) {
      const a = v128.load(w);
      const b = v128.load(w, 16);
      let x = v128.load32_splat(x0);
      a0 = madd(x, a, a0);
      b0 = madd(x, b, b0);
      x = v128.load32_splat(x1);
      a1 = madd(x, a, a1);
      b1 = madd(x, b, b1);
      w += 32;
      x0 += 4;
      x1 += 4;
    }
    const y = out + (<usize>block << 5);
    const room = outputs - (block << 3);
    storeBlock(y, a0, b0, room);
    storeBlock(y + outBytes, a1, b1, room);
  }
}
