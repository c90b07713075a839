/**
 * Bends numbers towards a cap: cap * tanh(x / cap).
 *
 * Paper    Gemma 2, arXiv:2408.00118
 * Shapes   input [n]  ->  out [n]; out may be the input
 * Order    in f64, rounded once
 * Cost     O(n)
 * Errors   none in here: the door has checked
 */
export function softCap(input: Float32Array, cap: number, out: Float32Array, count: number): void {
  for (let i = 0; i < count; i++) out[i] = cap * Math.tanh(input[i]! / cap);
}
