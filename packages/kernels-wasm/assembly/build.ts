/** Which of the two builds this binary is: 1 with relaxed SIMD, 0 without. */
export function build(): i32 {
  // @ts-ignore: RELAXED is defined by the build script
  return RELAXED;
}
