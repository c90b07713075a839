import { KEYS_F32, paddedWidth, valuesF32 } from "./layout";

/**
 * Puts rows of keys and values into slots of an f32 page; log weights become 0.
 *
 * Shapes   keys, values: `count` rows of D f32, `stride` bytes apart  ->  slots slot .. slot + count
 * Units    pointers are byte offsets; the page is 16-byte aligned
 * Order    none: elements are copied bit for bit
 * Errors   none in here: slots lie within the page
 */
export function writeRowsF32(
  page: usize,
  slot: i32,
  count: i32,
  keys: usize,
  values: usize,
  stride: i32,
  width: i32,
): void {
  const rowBytes = <usize>width << 2;
  const slotBytes = paddedWidth(width) << 2;
  memory.fill(page + (<usize>slot << 2), 0, <usize>count << 2);
  let key = page + KEYS_F32 + (<usize>slot << 2);
  let value = valuesF32(page, width) + <usize>slot * slotBytes;
  for (let i = 0; i < count; i++) {
    let to = key;
    for (let at: usize = 0; at < rowBytes; at += 4) {
      store<f32>(to, load<f32>(keys + at));
      to += 128;
    }
    memory.copy(value, values, rowBytes);
    key += 4;
    value += slotBytes;
    keys += stride;
    values += stride;
  }
}
