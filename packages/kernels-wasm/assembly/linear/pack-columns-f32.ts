/**
 * Lays a matrix out in blocks of 8 outputs, as `packF32` does, from its transpose.
 *
 * Shapes   matrix [K, N] f32  ->  packed [ceil(N/8)][K][8]; outputs past N are 0
 * Units    pointers are byte offsets, packed 16-byte aligned
 * Errors   none in here: the wrapper checks shapes
 */
export function packColumnsF32(matrix: usize, packed: usize, width: i32, outputs: i32): void {
  for (let first = 0; first < outputs; first += 8) {
    const present = min(8, outputs - first);
    let from = matrix + (<usize>first << 2);
    if (present < 8) memory.fill(packed, 0, <usize>width << 5);
    for (let k = 0; k < width; k++) {
      if (present == 8) {
        v128.store(packed, v128.load(from));
        v128.store(packed, v128.load(from, 16), 16);
      } else {
        memory.copy(packed, from, <usize>present << 2);
      }
      from += <usize>outputs << 2;
      packed += 32;
    }
  }
}
