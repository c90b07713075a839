/**
 * The rotation that brings one set of vectors nearest to another.
 *
 * Paper    Schoenemann, A Generalized Solution of the Orthogonal Procrustes Problem, Psychometrika 31, 1966
 * Shapes   a, b [n, d]  ->  W [d, d], W'W = 1, for which the sum of (a W - b)^2 is least
 * Cost     O(n d^2 + d^3): one-sided Jacobi rotations, some ten sweeps
 * Errors   ShapeError where `a` and `b` differ in shape
 */
import { checkMatrix, type Matrix, zeros } from "./matrix.js";

const MOST_SWEEPS = 60;
const SMALL = 1e-15;

export function procrustes(a: Matrix, b: Matrix): Matrix {
  checkMatrix("procrustes", b, a.rows, a.columns);
  const d = a.columns;
  // Columns of a'b and of the rotations so far.
  const left = columnsOf(d, (i, j) => {
    let sum = 0;
    for (let n = 0; n < a.rows; n++) sum += a.data[n * d + i]! * b.data[n * d + j]!;
    return sum;
  });
  const right = columnsOf(d, (i, j) => (i === j ? 1 : 0));
  for (let sweep = 0; sweep < MOST_SWEEPS && !isOrthogonalAfterSweep(left, right); sweep++);
  const scale = Math.max(...left.map(norm));
  const basis = completed(left, scale * SMALL * d);
  const out = zeros(d, d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += basis[k]![i]! * right[k]![j]!;
      out.data[i * d + j] = sum;
    }
  return out;
}

function columnsOf(d: number, at: (i: number, j: number) => number): Float64Array[] {
  return Array.from({ length: d }, (_, j) => Float64Array.from({ length: d }, (_, i) => at(i, j)));
}

/** Makes every pair of columns orthogonal once; true where all were already. */
function isOrthogonalAfterSweep(left: Float64Array[], right: Float64Array[]): boolean {
  let isDone = true;
  for (let p = 0; p < left.length; p++)
    for (let q = p + 1; q < left.length; q++) {
      const x = left[p]!;
      const y = left[q]!;
      let xx = 0;
      let yy = 0;
      let xy = 0;
      for (let i = 0; i < x.length; i++) {
        xx += x[i]! * x[i]!;
        yy += y[i]! * y[i]!;
        xy += x[i]! * y[i]!;
      }
      if (Math.abs(xy) <= SMALL * Math.sqrt(xx * yy)) continue;
      isDone = false;
      const zeta = (yy - xx) / (2 * xy);
      const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
      const cosine = 1 / Math.sqrt(1 + tangent * tangent);
      rotate(x, y, cosine, cosine * tangent);
      rotate(right[p]!, right[q]!, cosine, cosine * tangent);
    }
  return isDone;
}

function rotate(x: Float64Array, y: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < x.length; i++) {
    const a = x[i]!;
    const b = y[i]!;
    x[i] = cosine * a - sine * b;
    y[i] = sine * a + cosine * b;
  }
}

const norm = (x: Float64Array): number =>
  Math.sqrt(x.reduce((sum, value) => sum + value * value, 0));

/** Columns of length 1; those of length 0 become any that are orthogonal to all others. */
function completed(columns: readonly Float64Array[], least: number): Float64Array[] {
  const out: Float64Array[] = columns.map((column) => {
    const length = norm(column);
    return length > least ? column.map((value) => value / length) : new Float64Array(0);
  });
  for (let k = 0; k < out.length; k++)
    for (let axis = 0; out[k]!.length === 0 && axis < out.length; axis++) {
      const candidate = new Float64Array(columns.length);
      candidate[axis] = 1;
      for (let pass = 0; pass < 2; pass++)
        for (const other of out) {
          const share = other.reduce((sum, value, i) => sum + value * candidate[i]!, 0);
          for (let i = 0; i < other.length; i++) candidate[i]! -= share * other[i]!;
        }
      const length = norm(candidate);
      if (length > 0.1 / Math.sqrt(out.length)) out[k] = candidate.map((value) => value / length);
    }
  return out;
}
