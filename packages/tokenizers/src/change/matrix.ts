/** Rows of numbers, and the few sums over them that the methods of this folder share. */
import { ShapeError } from "@frugal/tensor/errors";

/** [rows, columns], row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float32Array(rows * columns) };
}

export function rowOf(matrix: Matrix, row: number): Float32Array {
  return matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns);
}

/** `rows`, `columns`: what is wanted; undefined: any. */
export function checkMatrix(
  operation: string,
  matrix: Matrix,
  rows?: number,
  columns?: number,
): void {
  const wanted = [rows ?? matrix.rows, columns ?? matrix.columns];
  const fits =
    wanted[0] === matrix.rows &&
    wanted[1] === matrix.columns &&
    matrix.data.length === matrix.rows * matrix.columns;
  if (!fits) throw new ShapeError(operation, wanted, [matrix.rows, matrix.columns]);
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** 0 where one of them is zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const norms = Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b));
  return norms === 0 ? 0 : dot(a, b) / norms;
}

/** Weights of sum 1. */
export function softmax(values: ArrayLike<number>): Float64Array {
  const out = Float64Array.from(values);
  const most = out.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < out.length; i++) sum += out[i] = Math.exp(out[i]! - most);
  return out.map((value) => value / sum);
}

/** Adds the rows `ids`, each times its weight, to `into`. */
export function addRows(
  into: Float64Array,
  matrix: Matrix,
  ids: ArrayLike<number>,
  weights: ArrayLike<number>,
): void {
  for (let i = 0; i < ids.length; i++) {
    const row = rowOf(matrix, ids[i]!);
    for (let c = 0; c < into.length; c++) into[c]! += weights[i]! * row[c]!;
  }
}

/** The places of the `count` greatest values, greatest first, the lower place among equals. */
export function greatest(values: ArrayLike<number>, count: number): Uint32Array {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (best.length === count && !(values[i]! > values[best[count - 1]!]!)) continue;
    let at = best.length;
    while (at > 0 && values[i]! > values[best[at - 1]!]!) at--;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
  }
  return Uint32Array.from(best);
}

/** A number of the standard normal law; two draws each. */
export function normal(random: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}
