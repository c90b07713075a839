/**
 * Scales each row to a root mean square of 1, then by the gain.
 *
 * Paper    RMSNorm, arXiv:1910.07467
 * Shapes   input [R, C], gain [C]  ->  out [R, C]; out may be the input
 * Order    sum of squares in f64, c ascending
 * Cost     O(R C)
 * Errors   none in here: the door has checked
 */
export function rmsNorm(
  input: Float32Array,
  gain: Float32Array,
  epsilon: number,
  out: Float32Array,
  rows: number,
): void {
  const width = gain.length;
  for (let r = 0; r < rows; r++) {
    const at = r * width;
    let squares = 0;
    for (let c = 0; c < width; c++) squares += input[at + c]! * input[at + c]!;
    const factor = 1 / Math.sqrt(squares / width + epsilon);
    for (let c = 0; c < width; c++) out[at + c] = input[at + c]! * factor * gain[c]!;
  }
}
