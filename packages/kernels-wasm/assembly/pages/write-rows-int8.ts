import { codeOf, largestSize } from "../shared/codes";
import { KEY_SCALES, KEYS_INT8, paddedWidth, VALUE_SCALES, valuesInt8 } from "./layout";

/**
 * Codes rows of keys and values into slots of an int8 page, one scale a vector; log weights become 0.
 *
 * Shapes   keys, values: `count` rows of D f32, `stride` bytes apart  ->  slots slot .. slot + count
 * Units    pointers are byte offsets; scale = largest size / 127, codes -127..127, half to even
 * Errors   none in here: slots lie within the page
 */
export function writeRowsInt8(
  page: usize,
  slot: i32,
  count: i32,
  keys: usize,
  values: usize,
  stride: i32,
  width: i32,
): void {
  const rowBytes = <usize>width << 2;
  const slotBytes = paddedWidth(width);
  memory.fill(page + (<usize>slot << 2), 0, <usize>count << 2);
  for (let i = slot; i < slot + count; i++) {
    const scales = page + (<usize>i << 2);
    const keyScale = largestSize(keys, keys + rowBytes) / 127;
    const valueScale = largestSize(values, values + rowBytes) / 127;
    store<f32>(scales + KEY_SCALES, keyScale);
    store<f32>(scales + VALUE_SCALES, valueScale);
    let key = page + KEYS_INT8 + <usize>i;
    let value = valuesInt8(page, width) + <usize>i * slotBytes;
    for (let at: usize = 0; at < rowBytes; at += 4) {
      store<i8>(key, codeOf(load<f32>(keys + at), keyScale));
      store<i8>(value, codeOf(load<f32>(values + at), valueScale));
      key += 32;
      value++;
    }
    keys += stride;
    values += stride;
  }
}
