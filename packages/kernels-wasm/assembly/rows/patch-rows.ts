/**
 * Cuts a picture into square patches, one a row, patches row-major; a rest that fills no patch is left out.
 *
 * Shapes   pixels [channels, height, width] f32  ->  rows [patches, channels * P * P]
 * Units    pointers are byte offsets, 4-byte aligned
 * Order    none: elements are copied bit for bit
 * Errors   none in here: the wrapper checks shapes
 */
export function patchRows(
  pixels: usize,
  rows: usize,
  channels: i32,
  height: i32,
  width: i32,
  patch: i32,
): void {
  const bytes = <usize>patch << 2;
  for (let top = 0; top + patch <= height; top += patch) {
    for (let left = 0; left + patch <= width; left += patch) {
      for (let channel = 0; channel < channels; channel++) {
        for (let y = 0; y < patch; y++) {
          const from = (channel * height + top + y) * width + left;
          memory.copy(rows, pixels + (<usize>from << 2), bytes);
          rows += bytes;
        }
      }
    }
  }
}
