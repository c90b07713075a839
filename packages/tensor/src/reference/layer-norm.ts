/**
 * Moves each row to mean 0, scales it to variance 1, then applies gain and bias.
 *
 * Paper    layer normalization, arXiv:1607.06450
 * Shapes   input [R, C], gain and bias [C]  ->  out [R, C]; out may be the input
 * Order    mean first, then the squares of the differences, both sums in f64, c ascending; variance divides by C
 * Cost     O(R C)
 * Errors   none in here: the door has checked
 */
export function layerNorm(
  input: Float32Array,
  gain: Float32Array,
  bias: Float32Array,
  epsilon: number,
  out: Float32Array,
  rows: number,
): void {
  const width = gain.length;
  for (let r = 0; r < rows; r++) {
    const at = r * width;
    let sum = 0;
    for (let c = 0; c < width; c++) sum += input[at + c]!;
    const mean = sum / width;
    let squares = 0;
    for (let c = 0; c < width; c++) squares += (input[at + c]! - mean) ** 2;
    const factor = 1 / Math.sqrt(squares / width + epsilon);
    for (let c = 0; c < width; c++) {
      out[at + c] = (input[at + c]! - mean) * factor * gain[c]! + bias[c]!;
    }
  }
}
