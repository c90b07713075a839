/**
 * Applies a pointwise nonlinearity.
 *
 * Paper    GELU, arXiv:1606.08415; SiLU, arXiv:1702.03118
 * Shapes   input [n]  ->  out [n]; out may be the input
 * Order    in f64, rounded once
 * Cost     O(n)
 * Errors   none in here: the door has checked
 */
import type { ActivationKind } from "../backend.js";
import { erfc } from "./erf.js";

export const ACTIVATIONS: Readonly<Record<ActivationKind, (x: number) => number>> = {
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu: (x) => 0.5 * x * erfc(-x * Math.SQRT1_2),
  geluTanh: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  quickGelu: (x) => x / (1 + Math.exp(-1.702 * x)),
  relu: (x) => Math.max(0, x),
};

export function activation(
  kind: ActivationKind,
  input: Float32Array,
  out: Float32Array,
  count: number,
): void {
  const apply = ACTIVATIONS[kind];
  for (let i = 0; i < count; i++) out[i] = apply(input[i]!);
}
