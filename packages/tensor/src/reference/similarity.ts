/**
 * Computes the cosine of every pair of rows; a zero row gives 0.
 *
 * Shapes   a [M, C], b [N, C]  ->  out [M, N]
 * Order    products and squares in f64, c ascending, one division
 * Cost     O(M N C), scratch [N]
 * Errors   none in here: the door has checked
 */
export function similarity(
  a: Float32Array,
  b: Float32Array,
  out: Float32Array,
  aRows: number,
  bRows: number,
  width: number,
): void {
  const lengths = new Float64Array(bRows);
  for (let n = 0; n < bRows; n++) lengths[n] = Math.sqrt(dot(b, n, b, n, width));
  for (let m = 0; m < aRows; m++) {
    const length = Math.sqrt(dot(a, m, a, m, width));
    for (let n = 0; n < bRows; n++) {
      const product = length * lengths[n]!;
      out[m * bRows + n] = product === 0 ? 0 : dot(a, m, b, n, width) / product;
    }
  }
}

function dot(a: Float32Array, m: number, b: Float32Array, n: number, width: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) sum += a[m * width + c]! * b[n * width + c]!;
  return sum;
}
