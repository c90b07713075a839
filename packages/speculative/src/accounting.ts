/**
 * Says what speculation is worth: from acceptance, the drafter's cost and what a wider pass costs on this machine.
 *
 * Paper    speculative decoding, arXiv:2211.17192 (expected tokens and speed-up); Spec-Bench, arXiv:2401.07851 (metrics)
 * Units    alpha: chance that a tested token is accepted, 0..1; cost: one drafter pass / one target pass of 1 row;
 *          v(n): a target pass of n rows / one of 1 row; elapsed in ms
 * Cost     O(maxTokens) a choice
 * Errors   ArgumentError for an alpha outside 0..1, a negative cost, counts that are no whole numbers, times that are not positive
 */
import { ArgumentError, type MaybePromise } from "@frugal/tensor";

/** What a pass of n rows costs, in passes of one row. */
export type PassCost = (rows: number) => number;

/** Tokens a cycle emits when gamma are drafted in a chain: 1 + alpha + ... + alpha^gamma. */
export function expectedTokens(alpha: number, gamma: number): number {
  checkShare("expectedTokens", alpha);
  checkCount("expectedTokens", "gamma", gamma, 0);
  return alpha === 1 ? gamma + 1 : (1 - alpha ** (gamma + 1)) / (1 - alpha);
}

export interface SpeedupInput {
  readonly alpha: number;
  readonly gamma: number;
  /** Default 0: a drafter that costs nothing. */
  readonly cost?: number;
  /** Default: every pass costs the same, as where memory is the limit. */
  readonly v?: PassCost;
}

/** Plain decoding = 1. */
export function expectedSpeedup({ alpha, gamma, cost = 0, v = () => 1 }: SpeedupInput): number {
  checkCost("expectedSpeedup", cost);
  return expectedTokens(alpha, gamma) / (gamma * cost + v(gamma + 1));
}

/** A tree whose yield was measured. */
export interface TreeCandidate {
  readonly name: string;
  /** The root included. */
  readonly rows: number;
  /** Mean tokens a pass, the one after the accepted ones included. */
  readonly meanTokens: number;
  /** Drafting a tree / one target pass of 1 row. Default 0. */
  readonly cost?: number;
}

export interface ShapeInput {
  readonly alpha: number;
  readonly cost?: number;
  readonly v?: PassCost;
  /** Longest chain considered. Default 16. */
  readonly maxTokens?: number;
  readonly trees?: readonly TreeCandidate[];
  /** Gains that are not above this are not worth it. Default 1. */
  readonly leastSpeedup?: number;
}

/** `none`: do not speculate. */
export type DraftShape =
  | { readonly kind: "none"; readonly rows: 1; readonly speedup: 1 }
  | {
      readonly kind: "chain";
      readonly tokens: number;
      readonly rows: number;
      readonly speedup: number;
    }
  | {
      readonly kind: "tree";
      readonly name: string;
      readonly rows: number;
      readonly speedup: number;
    };

/** The shape that is expected to pay most; of equals the smallest. */
export function chooseDraftShape(input: ShapeInput): DraftShape {
  const where = "chooseDraftShape";
  const { alpha, cost = 0, v = () => 1, maxTokens = 16, trees = [], leastSpeedup = 1 } = input;
  checkCount(where, "maxTokens", maxTokens, 0);
  checkCost(where, cost);
  let best: DraftShape = { kind: "none", rows: 1, speedup: 1 };
  let floor = Math.max(1, leastSpeedup);
  for (let tokens = 1; tokens <= maxTokens; tokens++) {
    const speedup = expectedSpeedup({ alpha, gamma: tokens, cost, v });
    if (!(speedup > floor)) continue;
    floor = speedup;
    best = { kind: "chain", tokens, rows: tokens + 1, speedup };
  }
  for (const { name, rows, meanTokens, cost: treeCost = 0 } of trees) {
    checkCount(where, `trees: rows of ${name}`, rows, 1);
    checkCost(where, treeCost);
    const speedup = meanTokens / (treeCost + v(rows));
    if (!(speedup > floor)) continue;
    floor = speedup;
    best = { kind: "tree", name, rows, speedup };
  }
  return best;
}

export interface Calibration {
  /** Ascending, from 1. */
  readonly sizes: readonly number[];
  /** Median ms of a pass of each size. */
  readonly elapsedMs: readonly number[];
  /** Straight lines between the sizes, the last one goes on; never below 1, never falling. */
  readonly v: PassCost;
}

/** Runs `measure(rows)`, which gives the ms of one pass, `rounds` times over all sizes in turn. */
export async function calibrate(request: {
  readonly measure: (rows: number) => MaybePromise<number>;
  /** Row counts to time; 1 is added. Default 1, 2, 4, 8, 16, 32. */
  readonly sizes?: readonly number[];
  /** Default 3; one more round, not counted, comes first. */
  readonly rounds?: number;
}): Promise<Calibration> {
  const where = "calibrate";
  const { measure, sizes: asked = [1, 2, 4, 8, 16, 32], rounds = 3 } = request;
  checkCount(where, "rounds", rounds, 1);
  for (const size of asked) checkCount(where, "sizes", size, 1);
  const sizes = [...new Set([1, ...asked])].sort((a, b) => a - b);
  const times = sizes.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, size] of sizes.entries()) {
      const elapsed = await measure(size);
      if (!(elapsed > 0 && elapsed < Number.POSITIVE_INFINITY)) {
        throw new ArgumentError(where, `measure(${size})`, "a positive number of ms", elapsed);
      }
      if (round > 0) times[i]!.push(elapsed);
    }
  }
  const elapsedMs = times.map(median);
  const costs: number[] = [];
  for (const elapsed of elapsedMs) {
    costs.push(Math.max(costs.at(-1) ?? 1, elapsed / elapsedMs[0]!));
  }
  return { sizes, elapsedMs, v: (rows) => between(sizes, costs, rows) };
}

function between(sizes: readonly number[], costs: readonly number[], rows: number): number {
  if (sizes.length === 1 || rows <= sizes[0]!) return costs[0]!;
  let right = sizes.findIndex((size) => size >= rows);
  if (right < 0) right = sizes.length - 1;
  const [x0, x1] = [sizes[right - 1]!, sizes[right]!];
  const [y0, y1] = [costs[right - 1]!, costs[right]!];
  return y0 + ((y1 - y0) * (rows - x0)) / (x1 - x0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** A running estimate of alpha. Counts tested tokens only: those accepted and the first one refused. */
export function trackAcceptance(weight = 0.1): {
  /** null until a token was tested. */
  readonly alpha: number | null;
  record(pass: { readonly drafted: number; readonly accepted: number }): void;
} {
  if (!(weight > 0 && weight <= 1)) {
    throw new ArgumentError("trackAcceptance", "weight", "above 0 and at most 1", weight);
  }
  let good = 0;
  let tested = 0;
  return {
    get alpha() {
      return tested > 0 ? good / tested : null;
    },
    record({ drafted, accepted }) {
      const seen = Math.min(drafted, accepted + 1);
      if (seen <= 0) return;
      good = good * (1 - weight) + accepted * weight;
      tested = tested * (1 - weight) + seen * weight;
    },
  };
}

function checkShare(where: string, alpha: number): void {
  if (!(alpha >= 0 && alpha <= 1)) throw new ArgumentError(where, "alpha", "within 0..1", alpha);
}

function checkCost(where: string, cost: number): void {
  if (!(cost >= 0)) throw new ArgumentError(where, "cost", "0 or more", cost);
}

function checkCount(where: string, argument: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new ArgumentError(where, argument, `a whole number of at least ${least}`, value);
}
