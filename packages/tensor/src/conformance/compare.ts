/**
 * Compares a result with the truth under the bound of a plain f32 loop.
 *
 * Units    bound = 2 * largest error of the plain loop + floor * largest finite magnitude of the truth + slack
 */
export interface Bound {
  /** The same computation in a plain f32 loop; null: no error is allowed but the floor's. */
  readonly plain: ArrayLike<number> | null;
  readonly floor: number;
  /** Absolute; for coded values one step. */
  readonly slack?: number;
}

/** What is wrong, or null. Numbers that are not finite must agree exactly. */
export function difference(
  got: ArrayLike<number>,
  truth: ArrayLike<number>,
  { plain, floor, slack = 0 }: Bound,
): string | null {
  if (got.length !== truth.length) return `${got.length} numbers instead of ${truth.length}`;
  let largest = 0;
  let plainError = 0;
  for (let i = 0; i < truth.length; i++) {
    if (!Number.isFinite(truth[i])) continue;
    largest = Math.max(largest, Math.abs(truth[i]!));
    if (plain !== null) plainError = Math.max(plainError, Math.abs(plain[i]! - truth[i]!));
  }
  const bound = 2 * plainError + floor * largest + slack;
  for (let i = 0; i < truth.length; i++) {
    const isNear = Number.isFinite(truth[i])
      ? Math.abs(got[i]! - truth[i]!) <= bound
      : Object.is(got[i], truth[i]);
    if (!isNear) return `at ${i}: ${got[i]} instead of ${truth[i]}, bound ${bound}`;
  }
  return null;
}

/** What is wrong, or null: the same bits, every NaN alike. */
export function bitDifference(got: ArrayLike<number>, wanted: ArrayLike<number>): string | null {
  if (got.length !== wanted.length) return `${got.length} numbers instead of ${wanted.length}`;
  for (let i = 0; i < wanted.length; i++) {
    if (!Object.is(got[i], wanted[i])) return `at ${i}: ${got[i]} instead of ${wanted[i]}`;
  }
  return null;
}
