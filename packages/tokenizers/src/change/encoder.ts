/**
 * A RoBERTa encoder in plain loops, for the small sequences of a hypernetwork.
 *
 * Paper    Liu et al., RoBERTa, arXiv:1907.11692; the block of BERT: norms behind the sums
 * Shapes   hidden [n S, h] of n sequences of S places, mask [n S]  ->  [n S, h]
 * Cost     O(n S h (h + ffn) layers); products are the caller's
 * Differs  positions count from 0
 */
import { type Matrix, rowOf, softmax, zeros } from "./matrix.js";

export type Linear = (x: Matrix) => Matrix;

export interface EncoderParts {
  readonly state: {
    matrix(name: string, rows?: number, columns?: number): Matrix;
    linear(name: string): Linear;
  };
  /** In front of the names of its tensors. */
  readonly prefix: string;
  readonly layers: number;
  readonly heads: number;
  readonly epsilon: number;
}

/** `mask`: 0 for places that nothing looks at. */
export function encoderOf({ state, prefix, layers, heads, epsilon }: EncoderParts) {
  const normOf = (name: string): Linear =>
    layerNorm(state.matrix(`${name}.weight`).data, state.matrix(`${name}.bias`).data, epsilon);
  const types = state.matrix(`${prefix}.embeddings.token_type_embeddings.weight`);
  const positions = state.matrix(`${prefix}.embeddings.position_embeddings.weight`);
  const embeddingNorm = normOf(`${prefix}.embeddings.LayerNorm`);
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const name = `${prefix}.encoder.layer.${layer}`;
    return {
      query: state.linear(`${name}.attention.self.query`),
      key: state.linear(`${name}.attention.self.key`),
      value: state.linear(`${name}.attention.self.value`),
      out: state.linear(`${name}.attention.output.dense`),
      attentionNorm: normOf(`${name}.attention.output.LayerNorm`),
      up: state.linear(`${name}.intermediate.dense`),
      down: state.linear(`${name}.output.dense`),
      norm: normOf(`${name}.output.LayerNorm`),
    };
  });
  return (hidden: Matrix, mask: Uint8Array, places: number): Matrix => {
    for (let row = 0; row < hidden.rows; row++) {
      addInto(rowOf(hidden, row), rowOf(types, 0));
      addInto(rowOf(hidden, row), rowOf(positions, row % places));
    }
    let x = embeddingNorm(hidden);
    for (const block of blocks) {
      const attended = attention(block.query(x), block.key(x), block.value(x), mask, places, heads);
      x = block.attentionNorm(sum(block.out(attended), x));
      x = block.norm(sum(block.down(gelu(block.up(x), "exact")), x));
    }
    return x;
  };
}

function attention(
  query: Matrix,
  key: Matrix,
  value: Matrix,
  mask: Uint8Array,
  places: number,
  heads: number,
): Matrix {
  const out = zeros(query.rows, query.columns);
  const width = query.columns / heads;
  const scores = new Float64Array(places);
  for (let first = 0; first < query.rows; first += places)
    for (let head = 0; head < heads; head++) {
      const at = head * width;
      for (let q = first; q < first + places; q++) {
        const from = rowOf(query, q);
        for (let k = 0; k < places; k++) {
          const to = rowOf(key, first + k);
          let product = 0;
          for (let c = at; c < at + width; c++) product += from[c]! * to[c]!;
          scores[k] = mask[first + k] === 0 ? -Number.MAX_VALUE : product / Math.sqrt(width);
        }
        const weights = softmax(scores);
        const into = rowOf(out, q);
        for (let k = 0; k < places; k++) {
          const row = rowOf(value, first + k);
          for (let c = at; c < at + width; c++) into[c]! += weights[k]! * row[c]!;
        }
      }
    }
  return out;
}

/** In place. */
export function layerNorm(weight: Float32Array, bias: Float32Array, epsilon: number): Linear {
  return (x) => {
    for (let row = 0; row < x.rows; row++) {
      const values = rowOf(x, row);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
      const scale = 1 / Math.sqrt(variance + epsilon);
      for (let c = 0; c < values.length; c++)
        values[c] = (values[c]! - mean) * scale * weight[c]! + bias[c]!;
    }
    return x;
  };
}

/** In place. */
export function gelu(x: Matrix, form: "tanh" | "exact"): Matrix {
  const { data } = x;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    const gate =
      form === "tanh"
        ? Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3))
        : erf(value / Math.SQRT2);
    data[i] = 0.5 * value * (1 + gate);
  }
  return x;
}

/** Abramowitz and Stegun 7.1.26: off by 1.5e-7 at most. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - series * Math.exp(-x * x));
}

function sum(a: Matrix, b: Matrix): Matrix {
  addInto(a.data, b.data);
  return a;
}

export function addInto(into: Float32Array, values: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i]! += values[i]!;
}
