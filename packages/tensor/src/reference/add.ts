/**
 * Adds two tensors.
 *
 * Shapes   a, b [n]  ->  out [n]; out may be either
 * Cost     O(n)
 * Errors   none in here: the door has checked
 */
export function add(a: Float32Array, b: Float32Array, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = a[i]! + b[i]!;
}
