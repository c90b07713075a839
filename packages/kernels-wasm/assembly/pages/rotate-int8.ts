import { codeOf, largestSize } from "../shared/codes";
import { decodeInt8 } from "./decode-int8";
import { KEY_SCALES, KEYS_INT8 } from "./layout";

/**
 * Turns keys of an int8 page and codes them anew with scales of their own.
 *
 * Shapes   angles [count, D]: D/2 cosines, then D/2 sines; scratch [D] f32
 * Units    pointers are byte offsets; D is even
 * Order    decoded, two products and their sum in f64, rounded to f32, coded
 * Errors   none in here: slots lie within the page
 */
export function rotateInt8(
  page: usize,
  slot: i32,
  count: i32,
  angles: usize,
  width: i32,
  scratch: usize,
): void {
  const half = <usize>(width >> 1) << 2;
  const end = scratch + (<usize>width << 2);
  for (let i = slot; i < slot + count; i++) {
    decodeInt8(page, i, 1, 0, scratch, width);
    for (let at = scratch; at < scratch + half; at += 4) {
      const cosine = <f64>load<f32>(angles);
      const sine = <f64>load<f32>(angles + half);
      const a = <f64>load<f32>(at);
      const b = <f64>load<f32>(at + half);
      store<f32>(at, <f32>(a * cosine - b * sine));
      store<f32>(at + half, <f32>(b * cosine + a * sine));
      angles += 4;
    }
    angles += half;
    const scale = largestSize(scratch, end) / 127;
    store<f32>(page + KEY_SCALES + (<usize>i << 2), scale);
    let code = page + KEYS_INT8 + <usize>i;
    for (let at = scratch; at < end; at += 4) {
      store<i8>(code, codeOf(load<f32>(at), scale));
      code += 32;
    }
  }
}
