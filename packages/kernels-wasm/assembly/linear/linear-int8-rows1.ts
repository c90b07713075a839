import { madd } from "../shared/madd";
import { storeGroup } from "./store-group";

/**
 * One row by 16 outputs: 4 integer sums a block over four streams of weights; last single groups by 4 outputs.
 *
 * Shapes   as `linearInt8`, groups from..to of 4 outputs; codes and scales of the first row in hand
 * Order    exact integers within a block, one f32 sum an output over blocks, ascending
 */
export function linearInt8Rows1(
  weights: usize,
  bias: usize,
  codes: usize,
  scales: usize,
  out: usize,
  blocks: i32,
  outputs: i32,
  from: i32,
  to: i32,
): void {
  const groupBytes = <usize>blocks * 144;
  let group = from;
  for (; group + 4 <= to; group += 4) {
    let w0 = weights + <usize>group * groupBytes;
    let w1 = w0 + groupBytes;
    let w2 = w1 + groupBytes;
    let w3 = w2 + groupBytes;
    let x0 = codes;
    let scale = scales;
    let f00 = v128.load(bias + (<usize>group << 4));
    let f10 = v128.load(bias + (<usize>group << 4), 16);
    let f20 = v128.load(bias + (<usize>group << 4), 32);
    let f30 = v128.load(bias + (<usize>group << 4), 48);
    for (let block = 0; block < blocks; block++) {
      const end = w0 + 128;
      let i00 = i32x4.splat(0);
      let i10 = i32x4.splat(0);
      let i20 = i32x4.splat(0);
      let i30 = i32x4.splat(0);
      while (w0 < end) {
        const a0 = v128.load8x8_s(w0);
        const a1 = v128.load8x8_s(w1);
        const a2 = v128.load8x8_s(w2);
        const a3 = v128.load8x8_s(w3);
        let x = v128.load32_splat(x0);
        i00 = i32x4.add(i00, i32x4.dot_i16x8_s(x, a0));
        i10 = i32x4.add(i10, i32x4.dot_i16x8_s(x, a1));
        i20 = i32x4.add(i20, i32x4.dot_i16x8_s(x, a2));
        i30 = i32x4.add(i30, i32x4.dot_i16x8_s(x, a3));
        w0 += 8;
        w1 += 8;
        w2 += 8;
        w3 += 8;
        x0 += 4;
      }
      let d = v128.load32_splat(scale);
      f00 = madd(f32x4.convert_i32x4_s(i00), f32x4.mul(v128.load(w0), d), f00);
      f10 = madd(f32x4.convert_i32x4_s(i10), f32x4.mul(v128.load(w1), d), f10);
      f20 = madd(f32x4.convert_i32x4_s(i20), f32x4.mul(v128.load(w2), d), f20);
      f30 = madd(f32x4.convert_i32x4_s(i30), f32x4.mul(v128.load(w3), d), f30);
      scale += 4;
      w0 += 16;
      w1 += 16;
      w2 += 16;
      w3 += 16;
    }
    const y = out + (<usize>group << 4);
    const room = outputs - (group << 2);
    storeGroup(y, f00, room);
    storeGroup(y + 16, f10, room - 4);
    storeGroup(y + 32, f20, room - 8);
    storeGroup(y + 48, f30, room - 12);
  }
  for (; group < to; group++) {
    let w0 = weights + <usize>group * groupBytes;
    let x0 = codes;
    let scale = scales;
    let f00 = v128.load(bias + (<usize>group << 4));
    for (let block = 0; block < blocks; block++) {
      const end = w0 + 128;
      let i00 = i32x4.splat(0);
      while (w0 < end) {
        const a0 = v128.load8x8_s(w0);
        let x = v128.load32_splat(x0);
        i00 = i32x4.add(i00, i32x4.dot_i16x8_s(x, a0));
        w0 += 8;
        x0 += 4;
      }
      let d = v128.load32_splat(scale);
      f00 = madd(f32x4.convert_i32x4_s(i00), f32x4.mul(v128.load(w0), d), f00);
      scale += 4;
      w0 += 16;
    }
    const y = out + (<usize>group << 4);
    const room = outputs - (group << 2);
    storeGroup(y, f00, room);
  }
}
