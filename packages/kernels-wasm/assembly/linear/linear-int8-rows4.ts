import { madd } from "../shared/madd";
import { storeGroup } from "./store-group";

/**
 * Four rows by 8 outputs: 8 integer sums a block; a last single group by 4 outputs.
 *
 * Shapes   as `linearInt8`, groups from..to of 4 outputs; codes and scales of the first row in hand
 * Order    exact integers within a block, one f32 sum an output over blocks, ascending
 */
export function linearInt8Rows4(
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
  const codeBytes = <usize>blocks << 6;
  const scaleBytes = <usize>blocks << 2;
  const outBytes = <usize>outputs << 2;
  let group = from;
  for (; group + 2 <= to; group += 2) {
    let w0 = weights + <usize>group * groupBytes;
    let w1 = w0 + groupBytes;
    let x0 = codes;
    let x1 = x0 + codeBytes;
    let x2 = x1 + codeBytes;
    let x3 = x2 + codeBytes;
    let scale = scales;
    let f00 = v128.load(bias + (<usize>group << 4));
    let f01 = f00;
    let f02 = f00;
    let f03 = f00;
    let f10 = v128.load(bias + (<usize>group << 4), 16);
    let f11 = f10;
    let f12 = f10;
    let f13 = f10;
    for (let block = 0; block < blocks; block++) {
      const end = w0 + 128;
      let i00 = i32x4.splat(0);
      let i01 = i32x4.splat(0);
      let i02 = i32x4.splat(0);
      let i03 = i32x4.splat(0);
      let i10 = i32x4.splat(0);
      let i11 = i32x4.splat(0);
      let i12 = i32x4.splat(0);
      let i13 = i32x4.splat(0);
      while (w0 < end) {
        const a0 = v128.load8x8_s(w0);
        const a1 = v128.load8x8_s(w1);
        let x = v128.load32_splat(x0);
        i00 = i32x4.add(i00, i32x4.dot_i16x8_s(x, a0));
        i10 = i32x4.add(i10, i32x4.dot_i16x8_s(x, a1));
        x = v128.load32_splat(x1);
        i01 = i32x4.add(i01, i32x4.dot_i16x8_s(x, a0));
        i11 = i32x4.add(i11, i32x4.dot_i16x8_s(x, a1));
        x = v128.load32_splat(x2);
        i02 = i32x4.add(i02, i32x4.dot_i16x8_s(x, a0));
        i12 = i32x4.add(i12, i32x4.dot_i16x8_s(x, a1));
        x = v128.load32_splat(x3);
        i03 = i32x4.add(i03, i32x4.dot_i16x8_s(x, a0));
        i13 = i32x4.add(i13, i32x4.dot_i16x8_s(x, a1));
        w0 += 8;
        w1 += 8;
        x0 += 4;
        x1 += 4;
        x2 += 4;
        x3 += 4;
      }
      let d = v128.load32_splat(scale);
      f00 = madd(f32x4.convert_i32x4_s(i00), f32x4.mul(v128.load(w0), d), f00);
      f10 = madd(f32x4.convert_i32x4_s(i10), f32x4.mul(v128.load(w1), d), f10);
      d = v128.load32_splat(scale + scaleBytes);
      f01 = madd(f32x4.convert_i32x4_s(i01), f32x4.mul(v128.load(w0), d), f01);
      f11 = madd(f32x4.convert_i32x4_s(i11), f32x4.mul(v128.load(w1), d), f11);
      d = v128.load32_splat(scale + scaleBytes * 2);
      f02 = madd(f32x4.convert_i32x4_s(i02), f32x4.mul(v128.load(w0), d), f02);
      f12 = madd(f32x4.convert_i32x4_s(i12), f32x4.mul(v128.load(w1), d), f12);
      d = v128.load32_splat(scale + scaleBytes * 3);
      f03 = madd(f32x4.convert_i32x4_s(i03), f32x4.mul(v128.load(w0), d), f03);
      f13 = madd(f32x4.convert_i32x4_s(i13), f32x4.mul(v128.load(w1), d), f13);
      scale += 4;
      w0 += 16;
      w1 += 16;
    }
    let y = out + (<usize>group << 4);
    const room = outputs - (group << 2);
    storeGroup(y, f00, room);
    storeGroup(y + 16, f10, room - 4);
    y += outBytes;
    storeGroup(y, f01, room);
    storeGroup(y + 16, f11, room - 4);
    y += outBytes;
    storeGroup(y, f02, room);
    storeGroup(y + 16, f12, room - 4);
    y += outBytes;
    storeGroup(y, f03, room);
    storeGroup(y + 16, f13, room - 4);
  }
  for (; group < to; group++) {
    let w0 = weights + <usize>group * groupBytes;
    let x0 = codes;
    let x1 = x0 + codeBytes;
    let x2 = x1 + codeBytes;
    let x3 = x2 + codeBytes;
    let scale = scales;
    let f00 = v128.load(bias + (<usize>group << 4));
    let f01 = f00;
    let f02 = f00;
    let f03 = f00;
    for (let block = 0; block < blocks; block++) {
      const end = w0 + 128;
      let i00 = i32x4.splat(0);
      let i01 = i32x4.splat(0);
      let i02 = i32x4.splat(0);
      let i03 = i32x4.splat(0);
      while (w0 < end) {
        const a0 = v128.load8x8_s(w0);
        let x = v128.load32_splat(x0);
        i00 = i32x4.add(i00, i32x4.dot_i16x8_s(x, a0));
        x = v128.load32_splat(x1);
        i01 = i32x4.add(i01, i32x4.dot_i16x8_s(x, a0));
        x = v128.load32_splat(x2);
        i02 = i32x4.add(i02, i32x4.dot_i16x8_s(x, a0));
        x = v128.load32_splat(x3);
        i03 = i32x4.add(i03, i32x4.dot_i16x8_s(x, a0));
        w0 += 8;
        x0 += 4;
        x1 += 4;
        x2 += 4;
        x3 += 4;
      }
      let d = v128.load32_splat(scale);
      f00 = madd(f32x4.convert_i32x4_s(i00), f32x4.mul(v128.load(w0), d), f00);
      d = v128.load32_splat(scale + scaleBytes);
      f01 = madd(f32x4.convert_i32x4_s(i01), f32x4.mul(v128.load(w0), d), f01);
      d = v128.load32_splat(scale + scaleBytes * 2);
      f02 = madd(f32x4.convert_i32x4_s(i02), f32x4.mul(v128.load(w0), d), f02);
      d = v128.load32_splat(scale + scaleBytes * 3);
      f03 = madd(f32x4.convert_i32x4_s(i03), f32x4.mul(v128.load(w0), d), f03);
      scale += 4;
      w0 += 16;
    }
    let y = out + (<usize>group << 4);
    const room = outputs - (group << 2);
    storeGroup(y, f00, room);
    y += outBytes;
    storeGroup(y, f01, room);
    y += outBytes;
    storeGroup(y, f02, room);
    y += outBytes;
    storeGroup(y, f03, room);
  }
}
