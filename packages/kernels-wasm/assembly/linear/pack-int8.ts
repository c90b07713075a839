import { codeOf, largestSize } from "../shared/codes";

/**
 * Codes rows of a matrix in blocks of 32 along K and lays them out in groups of 4 outputs.
 *
 * Shapes   rows [R, K] f32  ->  packed [ceil(R/4)][ceil(K/32)] of 144 bytes: codes [16][4][2] i8 (pairs of k), scales [4] f32;
 *          what lies past R or K is 0
 * Units    scale = largest size of the block / 127, codes -127..127, half to even; packed is 16-byte aligned
 * Errors   none in here: the wrapper checks shapes and that numbers are finite
 */
export function packInt8(rows: usize, packed: usize, rowCount: i32, width: i32): void {
  const blocks = (width + 31) >> 5;
  memory.fill(packed, 0, <usize>(((rowCount + 3) >> 2) * blocks) * 144);
  for (let row = 0; row < rowCount; row++) {
    const lane = <usize>(row & 3);
    let to = packed + <usize>((row >> 2) * blocks) * 144;
    let from = rows + (<usize>row * <usize>width << 2);
    for (let k = 0; k < width; k += 32) {
      const count = min(32, width - k);
      const scale = largestSize(from, from + (<usize>count << 2)) / 127;
      store<f32>(to + 128 + (lane << 2), scale);
      for (let i = 0; i < count; i++) {
        const at = to + (<usize>(i >> 1) << 3) + (lane << 1) + <usize>(i & 1);
        store<i8>(at, codeOf(load<f32>(from), scale));
        from += 4;
      }
      to += 144;
    }
  }
}
