/**
 * From logits to probabilities.
 *
 * Shapes   logits [V] f32 without NaN, at least one finite  ->  probabilities [V] f32
 * Order    exact maximum, then exponentials and their sum in f64
 * Cost     O(V)
 */

export function maximum(logits: Float32Array): number {
  let best = -Infinity;
  for (let i = 0; i < logits.length; i++) best = Math.max(best, logits[i] as number);
  return best;
}

export function softmaxInto(logits: Float32Array, out: Float32Array): void {
  const best = maximum(logits);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp((logits[i] as number) - best);
  for (let i = 0; i < logits.length; i++) {
    out[i] = Math.exp((logits[i] as number) - best) / sum;
  }
}
