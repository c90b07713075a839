/**
 * Plain f32 loops: every product, sum and exponential rounded. Their error is the yardstick of a back end's.
 *
 * Shapes   as the operations of `Backend`
 * Order    left to right, one accumulator
 */
import type { ActivationKind } from "../../backend.js";
import { ACTIVATIONS } from "../../reference/activation.js";

const f32 = Math.fround;
type Numbers = Float32Array;

export function plainLinear(
  input: Numbers,
  matrix: Numbers,
  bias: Numbers | null,
  out: Numbers,
  rows: number,
  [outputs, inputs]: readonly [number, number],
): void {
  for (let r = 0; r < rows; r++) {
    for (let n = 0; n < outputs; n++) {
      let sum = 0;
      for (let k = 0; k < inputs; k++) {
        sum = f32(sum + f32(matrix[n * inputs + k]! * input[r * inputs + k]!));
      }
      out[r * outputs + n] = bias === null ? sum : sum + bias[n]!;
    }
  }
}

export function plainRmsNorm(
  input: Numbers,
  gain: Numbers,
  epsilon: number,
  out: Numbers,
  rows: number,
): void {
  const width = gain.length;
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum = f32(sum + f32(input[r * width + c]! ** 2));
    const factor = f32(1 / f32(Math.sqrt(f32(f32(sum / width) + f32(epsilon)))));
    for (let c = 0; c < width; c++) {
      out[r * width + c] = f32(input[r * width + c]! * factor) * gain[c]!;
    }
  }
}

export function plainLayerNorm(
  input: Numbers,
  gain: Numbers,
  bias: Numbers,
  epsilon: number,
  out: Numbers,
  rows: number,
): void {
  const width = gain.length;
  for (let r = 0; r < rows; r++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum = f32(sum + input[r * width + c]!);
    const mean = f32(sum / width);
    let squares = 0;
    for (let c = 0; c < width; c++) {
      squares = f32(squares + f32(f32(input[r * width + c]! - mean) ** 2));
    }
    const factor = f32(1 / f32(Math.sqrt(f32(f32(squares / width) + f32(epsilon)))));
    for (let c = 0; c < width; c++) {
      const unit = f32(f32(input[r * width + c]! - mean) * factor);
      out[r * width + c] = f32(unit * gain[c]!) + bias[c]!;
    }
  }
}

export function plainTurn(
  heads: Numbers,
  angles: Numbers,
  headCount: number,
  width: number,
  rows: number,
): void {
  const half = width / 2;
  for (let i = 0; i < rows * headCount * half; i++) {
    const head = Math.floor(i / half);
    const at = head * width + (i % half);
    const angle = Math.floor(head / headCount) * width + (i % half);
    const [cos, sin] = [angles[angle]!, angles[angle + half]!];
    const [a, b] = [heads[at]!, heads[at + half]!];
    heads[at] = f32(a * cos) - f32(b * sin);
    heads[at + half] = f32(b * cos) + f32(a * sin);
  }
}

/** Rounded inside and out: `x` times a rounded factor. */
export function plainActivation(
  kind: ActivationKind,
  input: Numbers,
  out: Numbers,
  count: number,
): void {
  const apply = ACTIVATIONS[kind];
  for (let i = 0; i < count; i++) {
    const x = input[i]!;
    out[i] = x === 0 || kind === "relu" ? apply(x) : x * f32(apply(x) / x);
  }
}

export function plainSoftmax(input: Numbers, out: Numbers, rows: number, width: number): void {
  for (let r = 0; r < rows; r++) {
    const row = input.subarray(r * width, (r + 1) * width);
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    const weights = row.map((x) => (largest === -Infinity ? 0 : Math.exp(f32(x - largest))));
    for (const weight of weights) sum = f32(sum + weight);
    for (let c = 0; c < width; c++) out[r * width + c] = sum === 0 ? 0 : weights[c]! / sum;
  }
}

export function plainDot(a: Numbers, at: number, b: Numbers, from: number, width: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) sum = f32(sum + f32(a[at + c]! * b[from + c]!));
  return sum;
}

export function plainSimilarity(
  a: Numbers,
  b: Numbers,
  out: Numbers,
  [aRows, bRows, width]: readonly [number, number, number],
): void {
  const length = (x: Numbers, r: number) =>
    f32(Math.sqrt(plainDot(x, r * width, x, r * width, width)));
  for (let m = 0; m < aRows; m++) {
    for (let n = 0; n < bRows; n++) {
      const product = f32(length(a, m) * length(b, n));
      const dot = plainDot(a, m * width, b, n * width, width);
      out[m * bRows + n] = product === 0 ? 0 : dot / product;
    }
  }
}
