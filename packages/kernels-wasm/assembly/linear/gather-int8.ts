/**
 * Rows of a packed int8 matrix, decoded.
 *
 * Shapes   packed as `packInt8` says, indices [R] i32 below N  ->  out [R, K] f32
 * Units    pointers are byte offsets
 * Errors   none in here: the wrapper checks indices
 */
export function gatherInt8(packed: usize, indices: usize, out: usize, rows: i32, width: i32): void {
  const blocks = (width + 31) >> 5;
  for (let row = 0; row < rows; row++) {
    const index = load<i32>(indices + (<usize>row << 2));
    const lane = <usize>(index & 3);
    let from = packed + <usize>((index >> 2) * blocks) * 144;
    for (let k = 0; k < width; k += 32) {
      const scale = load<f32>(from + 128 + (lane << 2));
      const count = min(32, width - k);
      for (let i = 0; i < count; i++) {
        const code = load<i8>(from + (<usize>(i >> 1) << 3) + (lane << 1) + <usize>(i & 1));
        store<f32>(out, <f32>code * scale);
        out += 4;
      }
      from += 144;
    }
  }
}
