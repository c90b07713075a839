/**
 * Rows of a packed f32 matrix.
 *
 * Shapes   packed [ceil(N/8)][K][8], indices [R] i32 below N  ->  out [R, K]
 * Units    pointers are byte offsets
 * Order    none: elements are copied bit for bit
 * Errors   none in here: the wrapper checks indices
 */
export function gatherF32(packed: usize, indices: usize, out: usize, rows: i32, width: i32): void {
  let to = out;
  for (let row = 0; row < rows; row++) {
    const index = load<i32>(indices + (<usize>row << 2));
    let from = packed + <usize>(index >> 3) * (<usize>width << 5) + (<usize>(index & 7) << 2);
    const end = to + (<usize>width << 2);
    while (to < end) {
      store<f32>(to, load<f32>(from));
      from += 32;
      to += 4;
    }
  }
}
