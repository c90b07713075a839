import { KEY_SCALES, KEYS_INT8, paddedWidth, VALUE_SCALES, valuesInt8 } from "./layout";

/**
 * Decodes keys (kind 0) or values (kind 1) of an int8 page.
 *
 * Shapes   slots slot .. slot + count  ->  out [count, D] f32
 * Units    pointers are byte offsets
 * Errors   none in here: slots lie within the page
 */
export function decodeInt8(
  page: usize,
  slot: i32,
  count: i32,
  kind: i32,
  out: usize,
  width: i32,
): void {
  const slotBytes = paddedWidth(width);
  const step: usize = kind == 1 ? 1 : 32;
  for (let i = slot; i < slot + count; i++) {
    const scale = load<f32>(page + (kind == 1 ? VALUE_SCALES : KEY_SCALES) + (<usize>i << 2));
    let code = page + KEYS_INT8 + <usize>i;
    if (kind == 1) code = valuesInt8(page, width) + <usize>i * slotBytes;
    for (let d = 0; d < width; d++) {
      store<f32>(out, <f32>load<i8>(code) * scale);
      code += step;
      out += 4;
    }
  }
}
