/**
 * Sums how surprised a model was: the cross-entropy of each token under the logits of the row before it.
 *
 * Shapes   logits [S, V], targets [S]  ->  nats
 * Cost     O(S*V); sums in f64
 * Errors   ShapeError when the logits are not S rows
 */
import { ShapeError } from "@frugal/tensor/errors";

export function lossOfRows(logits: Float32Array, targets: Uint32Array): number {
  const width = logits.length / targets.length;
  if (!Number.isInteger(width) || width === 0) {
    throw new ShapeError("lossOfRows: logits", [targets.length, -1], [logits.length]);
  }
  let nats = 0;
  for (let row = 0; row < targets.length; row++) {
    const start = row * width;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = start; i < start + width; i++) most = Math.max(most, logits[i]!);
    let sum = 0;
    for (let i = start; i < start + width; i++) sum += Math.exp(logits[i]! - most);
    nats += Math.log(sum) + most - logits[start + targets[row]!]!;
  }
  return nats;
}
