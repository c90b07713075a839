import { KEYS_INT8, paddedWidth, valuesInt8 } from "./layout";

/**
 * Moves slots between int8 pages, codes, scales and log weights, bit for bit.
 *
 * Shapes   slots fromSlot .. fromSlot + count  ->  slots toSlot .. toSlot + count, of D numbers a vector
 * Units    pages are byte offsets; they may be one page
 * Errors   none in here: slots lie within the pages
 */
export function copySlotsInt8(
  from: usize,
  fromSlot: i32,
  to: usize,
  toSlot: i32,
  count: i32,
  width: i32,
): void {
  const slotBytes = paddedWidth(width);
  for (let plane: usize = 0; plane < KEYS_INT8; plane += 128) {
    memory.copy(
      to + plane + (<usize>toSlot << 2),
      from + plane + (<usize>fromSlot << 2),
      <usize>count << 2,
    );
  }
  let source = from + KEYS_INT8 + <usize>fromSlot;
  let target = to + KEYS_INT8 + <usize>toSlot;
  for (let d = 0; d < width; d++) {
    memory.copy(target, source, count);
    source += 32;
    target += 32;
  }
  memory.copy(
    valuesInt8(to, width) + <usize>toSlot * slotBytes,
    valuesInt8(from, width) + <usize>fromSlot * slotBytes,
    <usize>count * slotBytes,
  );
}
