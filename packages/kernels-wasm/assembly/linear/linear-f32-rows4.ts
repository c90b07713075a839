import { madd } from "../shared/madd";
import { storeBlock } from "./store-block";

/**
 * Four rows by 8 outputs: 8 sums, 6 loads for 8 multiply-adds.
 *
 * Shapes   as `linearF32`, blocks from..to of the outputs
 * Order    one sum an output, k ascending; the loop stays rolled, V8 schedules a longer body worse
 */
export function linearF32Rows4(
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
  for (let block = from; block < to; block++) {
    let w = weights + <usize>block * blockBytes;
    const end = w + blockBytes;
    let x0 = input;
    let x1 = x0 + inputBytes;
    let x2 = x1 + inputBytes;
    let x3 = x2 + inputBytes;
    const low = v128.load(bias + (<usize>block << 5));
    const high = v128.load(bias + (<usize>block << 5), 16);
    let low0 = low;
    let low1 = low;
    let low2 = low;
    let low3 = low;
    let high0 = high;
    let high1 = high;
    let high2 = high;
    let high3 = high;
    while (w < end) {
      const a = v128.load(w);
      const b = v128.load(w, 16);
      let x = v128.load32_splat(x0);
      low0 = madd(x, a, low0);
      high0 = madd(x, b, high0);
      x = v128.load32_splat(x1);
      low1 = madd(x, a, low1);
      high1 = madd(x, b, high1);
      x = v128.load32_splat(x2);
      low2 = madd(x, a, low2);
      high2 = madd(x, b, high2);
      x = v128.load32_splat(x3);
      low3 = madd(x, a, low3);
      high3 = madd(x, b, high3);
      w += 32;
      x0 += 4;
      x1 += 4;
      x2 += 4;
      x3 += 4;
    }
    let y = out + (<usize>block << 5);
    const room = outputs - (block << 3);
    storeBlock(y, low0, high0, room);
    y += outBytes;
    storeBlock(y, low1, high1, room);
    y += outBytes;
    storeBlock(y, low2, high2, room);
    y += outBytes;
    storeBlock(y, low3, high3, room);
  }
}
