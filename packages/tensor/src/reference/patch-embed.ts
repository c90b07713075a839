/**
 * Cuts a picture into square patches and multiplies each by a weight.
 *
 * Paper    ViT, arXiv:2010.11929
 * Shapes   pixels [channels, height, width]  ->  rows [patches, channels * P * P], patches row-major; then as `linear`
 * Units    a rest at the right or the bottom that fills no patch is left out, as a convolution of stride P does
 * Cost     O(height width channels) for the rows
 * Errors   none in here: the door has checked
 */
export function patchRows(
  pixels: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  patch: number,
): Float32Array {
  const columns = Math.floor(width / patch);
  const count = Math.floor(height / patch) * columns;
  const rows = new Float32Array(count * channels * patch * patch);
  let at = 0;
  for (let index = 0; index < count; index++) {
    const top = Math.floor(index / columns) * patch;
    const left = (index % columns) * patch;
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < patch; y++) {
        const from = (channel * height + top + y) * width + left;
        rows.set(pixels.subarray(from, from + patch), at);
        at += patch;
      }
    }
  }
  return rows;
}
