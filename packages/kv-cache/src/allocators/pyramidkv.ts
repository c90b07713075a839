/**
 * Gives early layers many slots and late layers few, in equal steps.
 *
 * Paper    PyramidKV, arXiv:2406.02069
 * Shapes   -> slots [sum of G over layers], the same for all heads of a layer
 * Units    slots; `beta` is how many times a layer's average past the last layer's past is
 * Needs    nothing; protected slots are the window
 * Cost     O(heads) and one pass over protected slots
 * Differs  real steps, made whole by largest remainder, so the sum is exact; the authors floor the step and overspend
 *          (`parity: "official"`), kvpress rounds layer by layer and counts the window on top (`parity: "real-step"`)
 * Errors   ArgumentError for options out of range
 */
import { ArgumentError, type CacheView } from "@frugal/tensor";
import { roundHalfEven } from "@frugal/tensor/numbers";
import { apportion, boundsOf } from "../policy/apportion.js";
import { headsOf } from "../store/view.js";
import type { Allocator } from "../types.js";

export interface PyramidKvOptions {
  /** Default 20. */
  readonly beta?: number;
  /** Repeats the sums of another program. "real-step" needs `keepRatio`, since it works on N x ratio before rounding. */
  readonly parity?: "official" | "real-step";
  readonly keepRatio?: number;
}

export function pyramidKv(options: PyramidKvOptions = {}): Allocator {
  const { beta = 20, parity, keepRatio } = options;
  checkBeta("pyramidKv", beta);
  if (parity === "real-step" && !(keepRatio !== undefined && keepRatio >= 0 && keepRatio <= 1)) {
    throw new ArgumentError("pyramidKv", "keepRatio", "within 0..1", keepRatio);
  }
  return {
    name: "pyramidkv",
    allocate({ totalSlots, cache }) {
      const { lower, upper } = boundsOf(cache);
      if (!parity) return exact(totalSlots, beta, cache, lower, upper);
      const ranks = layerRanks(cache);
      const length = Math.max(0, ...upper);
      const window = Math.max(0, ...lower);
      const capacity =
        parity === "official" ? totalSlots / lower.length : window + length * keepRatio!;
      const layers = (ranks.at(-1) ?? 0) + 1;
      const budgets = pyramidBudgets({ layers, window, capacity, length, beta, parity });
      return Uint32Array.from(ranks, (rank, i) =>
        Math.max(lower[i]!, Math.min(upper[i]!, budgets[rank]!)),
      );
    },
  };
}

function exact(
  totalSlots: number,
  beta: number,
  cache: CacheView,
  lower: Uint32Array,
  upper: Uint32Array,
): Uint32Array {
  const ranks = layerRanks(cache);
  let free = totalSlots;
  let longest = 0;
  for (let i = 0; i < lower.length; i++) {
    free -= lower[i]!;
    longest = Math.max(longest, upper[i]! - lower[i]!);
  }
  const average = Math.max(0, free) / Math.max(1, lower.length);
  const pastOf = pyramid(average, longest, beta, (ranks.at(-1) ?? 0) + 1);
  const targets = Float64Array.from(ranks, (rank, i) => lower[i]! + pastOf(rank));
  return apportion(totalSlots, targets, lower, upper);
}

/** Past slots of each layer, real numbers with the average asked for. */
function pyramid(
  average: number,
  longest: number,
  beta: number,
  layers: number,
): (layer: number) => number {
  let least = average / beta;
  let most = 2 * average - least;
  if (most >= longest) {
    most = longest;
    least = 2 * average - most;
  }
  if (layers < 2 || least > most) return () => average;
  const step = (most - least) / (layers - 1);
  return (layer) => most - layer * step;
}

/**
 * Slots a layer keeps, window included, by layer.
 * @param options.capacity slots a layer on average, window included; with "real-step" it may be a fraction
 */
export function pyramidBudgets(options: {
  readonly layers: number;
  readonly window: number;
  readonly capacity: number;
  readonly length: number;
  readonly beta?: number;
  readonly parity?: "official" | "real-step";
}): readonly number[] {
  const { layers, window, capacity, length, beta = 20, parity } = options;
  checkBeta("pyramidBudgets", beta);
  for (const [name, value] of Object.entries({ layers, window, length })) {
    if (Number.isSafeInteger(value) && value >= (name === "layers" ? 1 : 0)) continue;
    throw new ArgumentError("pyramidBudgets", name, "a count", value);
  }
  if (!(capacity >= 0 && capacity < Infinity)) {
    throw new ArgumentError("pyramidBudgets", "capacity", "not negative", capacity);
  }
  const all = Array.from({ length: layers }, (_, layer) => layer);
  if (parity === "real-step") {
    const budgets = realStep(layers, window, capacity, length, beta);
    return all.map((layer) => budgets(layer));
  }
  if (length < capacity) return all.map(() => length);
  if (parity === "official") {
    const past = flooredPast(layers, capacity - window, length - window, length, beta);
    return all.map((layer) => past(layer) + window);
  }
  const bounds = (count: number) => new Float64Array(layers).fill(count);
  const past = pyramid(Math.max(0, capacity - window), Math.max(0, length - window), beta, layers);
  const targets = all.map((layer) => window + past(layer));
  const total = Math.round(layers * capacity);
  return [...apportion(total, targets, bounds(Math.min(window, length)), bounds(length))];
}

/** The authors' integers. */
function flooredPast(
  layers: number,
  average: number,
  longest: number,
  length: number,
  beta: number,
): (layer: number) => number {
  if (length < 2 * average) return () => average;
  let least = Math.floor(average / beta);
  let most = 2 * average - least;
  if (most >= longest) {
    most = longest;
    least = 2 * average - most;
  }
  const step = layers > 1 ? Math.floor((most - least) / (layers - 1)) : 0;
  return (layer) => most - layer * step;
}

/** kvpress's: the pyramid's number is the whole of a layer, the window within it. */
function realStep(
  layers: number,
  window: number,
  capacity: number,
  length: number,
  beta: number,
): (layer: number) => number {
  const average = capacity - window;
  let least = average / beta;
  let most = 2 * average - least;
  if (most >= length - window) {
    most = length - window;
    least = 2 * average - most;
  }
  if (!(length >= most && most >= least && least >= window) || layers < 2) {
    return () => roundHalfEven(average);
  }
  const step = (most - least) / (layers - 1);
  return (layer) => roundHalfEven(most - layer * step);
}

/** The place of each head's layer among those that attend. */
function layerRanks(cache: CacheView): readonly number[] {
  const layers = [...new Set(headsOf(cache.layout).map(([layer]) => layer))];
  return headsOf(cache.layout).map(([layer]) => layers.indexOf(layer));
}

function checkBeta(where: string, beta: number): void {
  if (!(beta >= 1 && beta < Infinity)) {
    throw new ArgumentError(where, "beta", "a number of at least 1", beta);
  }
}
