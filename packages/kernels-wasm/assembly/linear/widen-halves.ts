/**
 * float16 bits to f32, exactly.
 *
 * Shapes   halves [n] u16  ->  out [n] f32
 * Units    pointers are byte offsets; both hold whole vectors of 4, so n is rounded up
 * Order    the exponent is moved by a product with 2^112, which is exact for subnormal halves too
 */
export function widenHalves(halves: usize, out: usize, count: i32): void {
  const scale = f32x4.splat(5.192296858534828e33);
  const infinite = i32x4.splat(0x7c00);
  for (let i = 0; i < count; i += 4) {
    const bits = v128.load16x4_u(halves + (<usize>i << 1));
    const size = v128.and(bits, i32x4.splat(0x7fff));
    const sign = i32x4.shl(v128.and(bits, i32x4.splat(0x8000)), 16);
    const value = f32x4.mul(i32x4.shl(size, 13), scale);
    const special = v128.and(i32x4.ge_s(size, infinite), i32x4.splat(0x7f800000));
    v128.store(out + (<usize>i << 2), v128.or(v128.or(value, special), sign));
  }
}
