/**
 * Numbers that inner loops read as whole vectors: V8 builds a constant vector anew, from two registers, at every use.
 *
 * They lie below the arena's first byte and are written when the module is instantiated.
 */
export const EXP_LOWEST: usize = 16;
export const EXP_HIGHEST: usize = 32;
export const EXP_LOG2E: usize = 48;
export const EXP_MAGIC: usize = 64;
export const EXP_LN2_HIGH: usize = 80;
export const EXP_LN2_LOW: usize = 96;
export const EXP_P7: usize = 112;
export const EXP_P6: usize = 128;
export const EXP_P5: usize = 144;
export const EXP_P4: usize = 160;
export const EXP_P3: usize = 176;
export const HALF: usize = 192;
export const ONE: usize = 208;

v128.store(EXP_LOWEST, f32x4.splat(-87.33));
v128.store(EXP_HIGHEST, f32x4.splat(88.37));
v128.store(EXP_LOG2E, f32x4.splat(1.4426950216293335));
v128.store(EXP_MAGIC, f32x4.splat(12582912));
v128.store(EXP_LN2_HIGH, f32x4.splat(-0.693359375));
v128.store(EXP_LN2_LOW, f32x4.splat(0.00021219444170128554));
v128.store(EXP_P7, f32x4.splat(0.0001990969612961635));
v128.store(EXP_P6, f32x4.splat(0.001394648919813335));
v128.store(EXP_P5, f32x4.splat(0.008333280682563782));
v128.store(EXP_P4, f32x4.splat(0.04166626185178757));
v128.store(EXP_P3, f32x4.splat(0.1666666716337204));
v128.store(HALF, f32x4.splat(0.5));
v128.store(ONE, f32x4.splat(1));
