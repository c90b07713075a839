/**
 * The multiply-add that every sum of products uses: a * b + c.
 *
 * Needs    RELAXED, an integer constant of the compiler's command line: 1 fuses with relaxed SIMD, 0 rounds twice
 * Order    within one binary every kernel rounds alike, which is what row invariance rests on
 */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  // @ts-ignore: RELAXED is defined by the build script
  if (RELAXED) return f32x4.relaxed_madd(a, b, c);
  else return f32x4.add(f32x4.mul(a, b), c);
}
