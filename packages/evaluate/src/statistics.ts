/**
 * The few statistics that a table of measurements needs.
 *
 * Units    shares and chances in 0..1; intervals hold 95 %
 * Errors   ArgumentError for counts that are none
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Interval } from "./types.js";

/** 97.5 % of a normal law lie below it. */
const Z = 1.96;

/** Wilson's interval of a share: stays inside 0..1 and is honest at both ends. No sample: 0..1. */
export function wilsonInterval(right: number, samples: number): Interval {
  count("wilsonInterval", "samples", samples);
  count("wilsonInterval", "right", right, samples);
  if (samples === 0) return [0, 1];
  const share = right / samples;
  const scale = 1 + (Z * Z) / samples;
  const middle = (share + (Z * Z) / (2 * samples)) / scale;
  const spread = (share * (1 - share)) / samples + (Z * Z) / (4 * samples * samples);
  const half = (Z / scale) * Math.sqrt(spread);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Normal interval of a mean from the spread of its values. One value or none says nothing: unbounded. */
export function meanInterval(values: readonly number[]): Interval {
  if (values.length < 2) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const half = (Z * Math.sqrt(squares / (values.length - 1))) / Math.sqrt(values.length);
  return [middle - half, middle + half];
}

/**
 * The chance of a split at least this uneven if both sides were equally likely: the exact two-sided binomial test. On the
 * pairs in which two methods differ it is McNemar's test.
 */
export function signTest(wins: number, losses: number): number {
  count("signTest", "wins", wins);
  count("signTest", "losses", losses);
  const total = wins + losses;
  const fewer = Math.min(wins, losses);
  // Term k is C(total, k) / 2^total, in logarithms: 2^-total leaves the doubles above 1,074 pairs.
  let logTerm = -total * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= fewer; k++) {
    tail += Math.exp(logTerm);
    logTerm += Math.log((total - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}

function count(where: string, name: string, value: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= 0 && value <= most) return;
  const expected = most === Number.MAX_SAFE_INTEGER ? "a count" : `a count of at most ${most}`;
  throw new ArgumentError(where, name, expected, value);
}
