import { KEYS_F32 } from "./layout";

/**
 * Turns keys of an f32 page, as `rope` turns a head.
 *
 * Shapes   angles [count, D]: D/2 cosines, then D/2 sines; keys of slots slot .. slot + count
 * Units    pointers are byte offsets; D is even
 * Order    two products and their sum in f64, rounded once
 * Errors   none in here: slots lie within the page
 */
export function rotateF32(page: usize, slot: i32, count: i32, angles: usize, width: i32): void {
  const half = <usize>(width >> 1);
  for (let i = slot; i < slot + count; i++) {
    let first = page + KEYS_F32 + (<usize>i << 2);
    let second = first + (half << 7);
    for (let d: usize = 0; d < half; d++) {
      const cosine = <f64>load<f32>(angles + (d << 2));
      const sine = <f64>load<f32>(angles + ((half + d) << 2));
      const a = <f64>load<f32>(first);
      const b = <f64>load<f32>(second);
      store<f32>(first, <f32>(a * cosine - b * sine));
      store<f32>(second, <f32>(b * cosine + a * sine));
      first += 128;
      second += 128;
    }
    angles += half << 3;
  }
}
