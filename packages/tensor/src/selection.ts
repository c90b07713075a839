/**
 * The rules by which everyone picks: the best k, the best one, and how many may stay.
 *
 * Shapes   scores [N], any array of numbers
 * Order    ties go to the lowest index, NaN ranks below everything (below -Infinity too); -0 and 0 tie
 * Cost     topk O(N log k) time, O(k) scratch; argmax O(N)
 * Errors   ArgumentError: k outside 0..N, an empty array for argmax, a budget that is not one
 */
import { ArgumentError } from "./errors/index.js";
import type { Budget } from "./types.js";

/** Indices of the k best scores, ascending. */
export function topkIndices(scores: ArrayLike<number>, k: number): Uint32Array {
  return bestHeap("topkIndices", scores, k).sort();
}

/** The same indices, best first. */
export function topkOrder(scores: ArrayLike<number>, k: number): Uint32Array {
  const heap = bestHeap("topkOrder", scores, k);
  for (let end = heap.length - 1; end > 0; end--) {
    const worst = heap[0]!;
    heap[0] = heap[end]!;
    heap[end] = worst;
    sink(heap, scores, 0, end);
  }
  return heap;
}

export function argmax(scores: ArrayLike<number>): number {
  if (scores.length === 0) throw new ArgumentError("argmax", "scores", "at least one number", []);
  let best = 0;
  for (let i = 1; i < scores.length; i++) {
    if (ranksAbove(scores[i]!, scores[best]!)) best = i;
  }
  return best;
}

/**
 * How many of `total` may stay: 0..total.
 * @param bytesPerToken needed for a budget in bytes
 */
export function resolveBudget(total: number, budget: Budget, bytesPerToken?: number): number {
  const where = "resolveBudget";
  checkCount(where, "total", total);
  const given = typeof budget === "object" && budget !== null ? Object.keys(budget) : [];
  if (given.length !== 1) {
    throw new ArgumentError(where, "budget", "one of tokens, keepRatio, bytes", budget);
  }
  if ("tokens" in budget) {
    checkCount(where, "tokens", budget.tokens);
    return Math.min(total, budget.tokens);
  }
  if ("keepRatio" in budget) {
    const ratio = budget.keepRatio;
    if (!(typeof ratio === "number" && ratio >= 0 && ratio <= 1)) {
      throw new ArgumentError(where, "keepRatio", "within 0..1", ratio);
    }
    const rounded = roundHalfEven(total * ratio);
    return ratio > 0 && total > 0 ? Math.max(1, rounded) : rounded;
  }
  if (!("bytes" in budget)) {
    throw new ArgumentError(where, "budget", "one of tokens, keepRatio, bytes", budget);
  }
  checkCount(where, "bytes", budget.bytes);
  if (bytesPerToken === undefined)
    throw new ArgumentError(
      where,
      "budget",
      "tokens or a ratio: nothing tells the bytes of a token here",
      budget,
    );
  if (!(bytesPerToken > 0 && Number.isFinite(bytesPerToken))) {
    throw new ArgumentError(where, "bytesPerToken", "a positive number", bytesPerToken);
  }
  return Math.min(total, Math.floor(budget.bytes / bytesPerToken));
}

/** Nearest integer, halves to even: 0.5 -> 0, 1.5 -> 2, -2.5 -> -2. */
export function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

function checkCount(where: string, name: string, value: unknown): void {
  if (!(typeof value === "number" && Number.isSafeInteger(value) && value >= 0)) {
    throw new ArgumentError(where, name, "a non-negative integer", value);
  }
}

/** Strictly better by value alone; equal values and two NaN are left to the index. */
function ranksAbove(a: number, b: number): boolean {
  return a > b || (Number.isNaN(b) && !Number.isNaN(a));
}

/** Does index i rank below index j? */
function ranksBelow(scores: ArrayLike<number>, i: number, j: number): boolean {
  const a = scores[i]!;
  const b = scores[j]!;
  return ranksAbove(b, a) || (!ranksAbove(a, b) && i > j);
}

/** The k best as a heap with the worst of them on top. */
function bestHeap(where: string, scores: ArrayLike<number>, k: number): Uint32Array {
  const total = scores.length;
  if (!Number.isInteger(k) || k < 0 || k > total) {
    throw new ArgumentError(where, "k", `an integer of 0..${total}`, k);
  }
  const heap = new Uint32Array(k);
  for (let i = 0; i < k; i++) heap[i] = i;
  if (k === 0) return heap;
  for (let i = (k >> 1) - 1; i >= 0; i--) sink(heap, scores, i, k);
  for (let i = k; i < total; i++) {
    if (!ranksBelow(scores, heap[0]!, i)) continue;
    heap[0] = i;
    sink(heap, scores, 0, k);
  }
  return heap;
}

function sink(heap: Uint32Array, scores: ArrayLike<number>, from: number, size: number): void {
  const moved = heap[from]!;
  let hole = from;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= size) break;
    if (child + 1 < size && ranksBelow(scores, heap[child + 1]!, heap[child]!)) child++;
    if (!ranksBelow(scores, heap[child]!, moved)) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = moved;
}
