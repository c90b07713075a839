import { KEYS_F32, paddedWidth, valuesF32 } from "./layout";

/**
 * Copies keys (kind 0) or values (kind 1) of an f32 page out.
 *
 * Shapes   slots slot .. slot + count  ->  out [count, D] f32
 * Units    pointers are byte offsets
 * Errors   none in here: slots lie within the page
 */
export function decodeF32(
  page: usize,
  slot: i32,
  count: i32,
  kind: i32,
  out: usize,
  width: i32,
): void {
  const rowBytes = <usize>width << 2;
  const slotBytes = paddedWidth(width) << 2;
  for (let i = slot; i < slot + count; i++) {
    if (kind == 1) {
      memory.copy(out, valuesF32(page, width) + <usize>i * slotBytes, rowBytes);
    } else {
      let from = page + KEYS_F32 + (<usize>i << 2);
      for (let at: usize = 0; at < rowBytes; at += 4) {
        store<f32>(out + at, load<f32>(from));
        from += 128;
      }
    }
    out += rowBytes;
  }
}
