/**
 * Measures how evenly a text uses the tokens: Rényi entropy, and the share of the greatest possible one.
 *
 * Paper    Zouhar et al., arXiv:2306.16842; Cognetta et al. (arXiv:2402.14614) and PathPiece (arXiv:2402.18376) show that
 *          it does not predict quality in general
 * Shapes   frequencies [types], zeros count nowhere
 * Units    entropy in bits a token; efficiency 0..1 where `vocabularySize` is not below the types
 * Cost     O(types)
 * Differs  tokenization-scorer has alpha 3 as its default, the paper's best is 2.5; alpha 1 is Shannon, where the original
 *          (1.1.8) gives 0 for having read its text already; one type or none is efficiency 0, where the original divides
 *          by 0; sums are scaled, so that no alpha underflows
 * Errors   ArgumentError: alpha is NaN or -Infinity, a frequency or a vocabulary size below 0
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { totalOf } from "./checked.js";

export interface EntropyOptions {
  /** The order. 1: Shannon; Infinity: the most frequent token alone. Default: 2.5. */
  readonly alpha?: number;
}

export interface EfficiencyOptions extends EntropyOptions {
  /** Tokens that the text might have used. Default: the types that occur. */
  readonly vocabularySize?: number;
}

export function renyiEntropy(
  frequencies: ArrayLike<number>,
  { alpha = 2.5 }: EntropyOptions = {},
): number {
  if (Number.isNaN(alpha) || alpha === Number.NEGATIVE_INFINITY) {
    throw new ArgumentError("renyiEntropy", "alpha", "a number", alpha);
  }
  const total = totalOf("renyiEntropy", "frequencies", frequencies);
  if (total === 0) return 0;
  const logs = logProbabilities(frequencies, total);
  if (logs.length === 1) return 0;
  const nats = Math.abs(alpha - 1) < NEAR ? nearShannon(logs, alpha) : scaled(logs, alpha);
  return nats / Math.LN2;
}

export const shannonEntropy = (frequencies: ArrayLike<number>): number =>
  renyiEntropy(frequencies, { alpha: 1 });

/** Entropy over that of a vocabulary whose tokens are all used alike. */
export function renyiEfficiency(
  frequencies: ArrayLike<number>,
  { alpha, vocabularySize = typeCount(frequencies) }: EfficiencyOptions = {},
): number {
  const entropy = renyiEntropy(frequencies, alpha === undefined ? {} : { alpha });
  if (!(vocabularySize >= 0 && vocabularySize < Number.POSITIVE_INFINITY)) {
    throw new ArgumentError("renyiEfficiency", "vocabularySize", "a count", vocabularySize);
  }
  return vocabularySize > 1 ? entropy / Math.log2(vocabularySize) : 0;
}

export const shannonEfficiency = (
  frequencies: ArrayLike<number>,
  options: Pick<EfficiencyOptions, "vocabularySize"> = {},
): number => renyiEfficiency(frequencies, { ...options, alpha: 1 });

/** Tokens that occur. */
export function typeCount(frequencies: ArrayLike<number>): number {
  let types = 0;
  for (let i = 0; i < frequencies.length; i++) if (frequencies[i]! > 0) types++;
  return types;
}

/** Within this of 1 the plain formula divides two numbers that are both next to 0. */
const NEAR = 0.01;

function logProbabilities(frequencies: ArrayLike<number>, total: number): Float64Array {
  const logs = new Float64Array(typeCount(frequencies));
  let at = 0;
  for (let i = 0; i < frequencies.length; i++) {
    if (frequencies[i]! > 0) logs[at++] = Math.log(frequencies[i]! / total);
  }
  return logs;
}

/** log(sum p^alpha) / (1 - alpha) by sum p^alpha - 1 = sum p (p^(alpha - 1) - 1). */
function nearShannon(logs: Float64Array, alpha: number): number {
  let sum = 0;
  if (alpha === 1) {
    for (const log of logs) sum -= Math.exp(log) * log;
    return sum;
  }
  for (const log of logs) sum += Math.exp(log) * Math.expm1((alpha - 1) * log);
  return Math.log1p(sum) / (1 - alpha);
}

/** The same, with the greatest of the powers taken out of the sum. */
function scaled(logs: Float64Array, alpha: number): number {
  const top =
    alpha > 0 ? logs.reduce((a, b) => Math.max(a, b)) : logs.reduce((a, b) => Math.min(a, b));
  if (alpha === Number.POSITIVE_INFINITY) return -top;
  let sum = 0;
  for (const log of logs) sum += Math.exp(alpha * (log - top));
  return (alpha * top + Math.log(sum)) / (1 - alpha);
}
