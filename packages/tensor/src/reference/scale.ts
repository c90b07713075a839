/**
 * Multiplies a tensor by a number.
 *
 * Shapes   input [n]  ->  out [n]; out may be the input
 * Order    the factor is taken as f32
 * Cost     O(n)
 * Errors   none in here: the door has checked
 */
export function scale(input: Float32Array, factor: number, out: Float32Array, count: number): void {
  const single = Math.fround(factor);
  for (let i = 0; i < count; i++) out[i] = input[i]! * single;
}
