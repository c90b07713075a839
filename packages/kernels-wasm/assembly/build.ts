/**
 * Says which of the two builds this binary is.
 *
 * Shapes   nothing  ->  1 with relaxed SIMD, 0 without
 * Errors   none
 */
export function build(): i32 {
  // @ts-ignore: RELAXED is defined by the build script
  return RELAXED;
}
