/**
 * Codes vectors in 8 bits: the one definition behind int8 weights, their activations and int8 cache pages.
 *
 * Shapes   x [n] f32 -> codes [n] i8 and one f32 scale
 * Units    scale = f32(max |x| / 127), NaN passed over; code = x / scale (f32), to the nearest integer, halves to even, clamped to
 *          -127..127; NaN, and every x under a scale of 0, gives code 0; decoded = scale * code
 * Cost     O(n), no scratch
 * Errors   none: callers have checked the extents
 */
import { roundHalfEven } from "./selection.js";

/** Elements of a weight row (or of its activations) that share a scale; the last block may be shorter. */
export const QUANT_BLOCK = 32;

const TOP = 127;

/** Codes `count` numbers from `at` on; returns their scale. */
export function quantizeVector(
  x: Float32Array,
  at: number,
  count: number,
  codes: Int8Array,
  codesAt: number,
): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const size = Math.abs(x[at + i]!);
    if (size > largest) largest = size;
  }
  const scale = Math.fround(largest / TOP);
  for (let i = 0; i < count; i++) codes[codesAt + i] = codeOf(x[at + i]!, scale);
  return scale;
}

/** Codes each block of a row of `width`; block b has scale `scales[scalesAt + b]`. */
export function quantizeBlocks(
  x: Float32Array,
  at: number,
  width: number,
  codes: Int8Array,
  codesAt: number,
  scales: Float32Array,
  scalesAt: number,
): void {
  for (let from = 0; from < width; from += QUANT_BLOCK) {
    const count = Math.min(QUANT_BLOCK, width - from);
    const scale = quantizeVector(x, at + from, count, codes, codesAt + from);
    scales[scalesAt + from / QUANT_BLOCK] = scale;
  }
}

function codeOf(x: number, scale: number): number {
  if (scale === 0) return 0;
  const code = roundHalfEven(Math.fround(x / scale));
  return Number.isNaN(code) ? 0 : Math.min(TOP, Math.max(-TOP, code));
}
