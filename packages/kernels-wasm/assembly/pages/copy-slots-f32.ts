import { KEYS_F32, paddedWidth, valuesF32 } from "./layout";

/**
 * Moves slots between f32 pages, keys, values and log weights, bit for bit.
 *
 * Shapes   slots fromSlot .. fromSlot + count  ->  slots toSlot .. toSlot + count, of D numbers a vector
 * Units    pages are byte offsets; they may be one page
 * Errors   none in here: slots lie within the pages
 */
export function copySlotsF32(
  from: usize,
  fromSlot: i32,
  to: usize,
  toSlot: i32,
  count: i32,
  width: i32,
): void {
  const bytes = <usize>count << 2;
  const slotBytes = paddedWidth(width) << 2;
  let source = from + (<usize>fromSlot << 2);
  let target = to + (<usize>toSlot << 2);
  memory.copy(target, source, bytes);
  source += KEYS_F32;
  target += KEYS_F32;
  for (let d = 0; d < width; d++) {
    memory.copy(target, source, bytes);
    source += 128;
    target += 128;
  }
  memory.copy(
    valuesF32(to, width) + <usize>toSlot * slotBytes,
    valuesF32(from, width) + <usize>fromSlot * slotBytes,
    <usize>count * slotBytes,
  );
}
