/**
 * Finds the size of a vocabulary at which a corpus takes a given number of tokens.
 *
 * Paper    after arXiv:2510.21909, which sizes a vocabulary for each language; the form of the curve is ours
 * Shapes   points: tokens of one corpus under vocabularies of three sizes or more  ->  the curve and where it meets the target
 * Units    tokens; residual: root of the mean square of the relative errors
 * Cost     O(points) for each of some hundred trials of the exponent
 * Differs  fits tokens = a size^-b + c, a > 0, b > 0, c >= 0, by least squares of relative errors: for each b the best a and c
 *          are found exactly, b by a search
 * Errors   ArgumentError: fewer than three sizes, a size or a count that is not above 0, tokens that do not fall with the size
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { positive } from "./checked.js";

export interface SizePoint {
  readonly vocabularySize: number;
  readonly tokens: number;
}

export interface SizeFit {
  /** tokens = scale * size^-exponent + floor. */
  readonly scale: number;
  readonly exponent: number;
  readonly floor: number;
  readonly residual: number;
  /** The size that reaches the target; null where no size does. A whole number only by chance. */
  readonly vocabularySize: number | null;
  /** The size lies outside the measured ones. */
  readonly isExtrapolated: boolean;
}

export function fitOptimalVocabularySize(
  points: readonly SizePoint[],
  targetTokens: number,
): SizeFit {
  for (const { vocabularySize, tokens } of points) {
    positive(WHERE, "vocabularySize", vocabularySize);
    positive(WHERE, "tokens", tokens);
  }
  positive(WHERE, "targetTokens", targetTokens);
  const sizes = points.map(({ vocabularySize }) => vocabularySize);
  const distinct = new Set(sizes).size;
  if (distinct < 3) {
    throw new ArgumentError(WHERE, "points", "of three sizes or more", distinct);
  }
  const exponent = lowest((b) => curveOf(points, b).residual);
  const { scale, floor, residual } = curveOf(points, exponent);
  if (!(scale > 0)) {
    throw new ArgumentError(WHERE, "points", "of tokens that fall as the size grows", sizes);
  }
  const above = targetTokens - floor;
  const found = above > 0 ? (above / scale) ** (-1 / exponent) : null;
  const vocabularySize = found !== null && Number.isFinite(found) ? found : null;
  const isExtrapolated =
    vocabularySize === null ||
    vocabularySize < Math.min(...sizes) ||
    vocabularySize > Math.max(...sizes);
  return { scale, exponent, floor, residual, vocabularySize, isExtrapolated };
}

const WHERE = "fitOptimalVocabularySize";

interface Curve {
  readonly scale: number;
  readonly floor: number;
  readonly residual: number;
}

/** The best `scale` and `floor` for an exponent. A floor below 0 becomes 0, and the scale the best for that. */
function curveOf(points: readonly SizePoint[], exponent: number): Curve {
  // Each point is divided by its tokens: the sum of squares is then of relative errors.
  let powers = 0;
  let mixed = 0;
  let ones = 0;
  let byPower = 0;
  let byOne = 0;
  for (const { vocabularySize, tokens } of points) {
    const power = vocabularySize ** -exponent / tokens;
    const one = 1 / tokens;
    powers += power * power;
    mixed += power * one;
    ones += one * one;
    byPower += power;
    byOne += one;
  }
  const determinant = powers * ones - mixed * mixed;
  let scale = (byPower * ones - byOne * mixed) / determinant;
  let floor = (byOne * powers - byPower * mixed) / determinant;
  if (!(floor >= 0)) {
    floor = 0;
    scale = byPower / powers;
  }
  let squares = 0;
  for (const { vocabularySize, tokens } of points) {
    squares += ((scale * vocabularySize ** -exponent + floor) / tokens - 1) ** 2;
  }
  return { scale, floor, residual: Math.sqrt(squares / points.length) };
}

/** Exponents that are tried: from a curve that is all but a logarithm to one that falls at once. */
const LEAST = 0.01;
const MOST = 4;
const TRIALS = 64;

/** The best of a grid, and then the best between its neighbors by the golden section. */
function lowest(residual: (exponent: number) => number): number {
  const at = (i: number): number => LEAST * (MOST / LEAST) ** (i / TRIALS);
  let best = 0;
  for (let i = 1; i <= TRIALS; i++) if (residual(at(i)) < residual(at(best))) best = i;
  let low = at(Math.max(0, best - 1));
  let high = at(Math.min(TRIALS, best + 1));
  const golden = (Math.sqrt(5) - 1) / 2;
  for (let i = 0; i < TRIALS; i++) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (residual(left) <= residual(right)) high = right;
    else low = left;
  }
  return (low + high) / 2;
}
