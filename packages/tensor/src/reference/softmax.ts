/**
 * Turns each row into probabilities.
 *
 * Shapes   input [R, C]  ->  out [R, C]; out may be the input
 * Order    exact maximum, then exponentials, then their sum c ascending, all in f64; a row of -Infinity gives zeros
 * Cost     O(R C)
 * Errors   none in here: the door has checked
 */
export function softmax(input: Float32Array, out: Float32Array, rows: number, width: number): void {
  for (let r = 0; r < rows; r++) {
    const at = r * width;
    let largest = -Infinity;
    for (let c = 0; c < width; c++) largest = Math.max(largest, input[at + c]!);
    let sum = 0;
    for (let c = 0; c < width; c++) sum += Math.exp(input[at + c]! - largest);
    const isEmpty = largest === -Infinity;
    for (let c = 0; c < width; c++) {
      out[at + c] = isEmpty ? 0 : Math.exp(input[at + c]! - largest) / sum;
    }
  }
}
