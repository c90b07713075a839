/**
 * Lays rows of a matrix out in blocks of 8 outputs, so that lanes are outputs and no product needs a sum over lanes.
 *
 * Shapes   rows [R, K] f32  ->  packed [ceil(R/8)][K][8]; outputs past R are 0
 * Units    pointers are byte offsets, packed 16-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function packF32(rows: usize, packed: usize, rowCount: i32, width: i32): void {
  const rowBytes = <usize>width << 2;
  let to = packed;
  for (let first = 0; first < rowCount; first += 8) {
    const present = min(8, rowCount - first);
    if (present < 8) memory.fill(to, 0, <usize>width << 5);
    for (let row = 0; row < present; row++) {
      let from = rows + <usize>(first + row) * rowBytes;
      let at = to + (<usize>row << 2);
      const end = from + rowBytes;
      while (from < end) {
        store<f32>(at, load<f32>(from));
        from += 4;
        at += 32;
      }
    }
    to += <usize>width << 5;
  }
}
