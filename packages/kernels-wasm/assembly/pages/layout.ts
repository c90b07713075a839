/**
 * Where things lie in a page of 32 slots of one kv head. Keys are transposed, so that scores of 4 slots are one vector.
 *
 *   f32    log weights [32] f32, keys [D][32] f32, values [32][Dp] f32                        Dp = D rounded up to 4
 *   int8   log weights, key scales, value scales [32] f32 each, keys [D][32] i8, values [32][Dp] i8
 *
 * Handles of int8 pages carry bit 0 in page tables; pages are 16-byte aligned.
 */
export const KEYS_F32: usize = 128;
export const KEY_SCALES: usize = 128;
export const VALUE_SCALES: usize = 256;
export const KEYS_INT8: usize = 384;

/** Values of one slot, in elements. */
// @ts-ignore: decorator
@inline
export function paddedWidth(width: i32): usize {
  return <usize>((width + 3) & ~3);
}

// @ts-ignore: decorator
@inline
export function valuesF32(page: usize, width: i32): usize {
  return page + KEYS_F32 + (<usize>width << 7);
}

// @ts-ignore: decorator
@inline
export function valuesInt8(page: usize, width: i32): usize {
  return page + KEYS_INT8 + (<usize>width << 5);
}
