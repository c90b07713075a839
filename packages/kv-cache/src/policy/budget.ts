/**
 * How many slots a head keeps on average.
 *
 * Units    tokens and ratios are slots a head; bytes are of the whole cache and count whole pages of every head
 * Errors   ArgumentError for a budget that is not one
 */
import { type Budget, type CacheView, type KvRun, PAGE_SLOTS, resolveBudget } from "@frugal/tensor";
import { headsOf } from "../store/view.js";
import type { Cache } from "../types.js";

export function resolveSlots(cache: Cache, budget: Budget): number {
  if (!("bytes" in budget)) return resolveBudget(ratioBase(cache, budget), budget);
  let pageBytes = 0;
  for (const [layer, head] of headsOf(cache.layout))
    pageBytes += bytesOfPage(cache.runs(layer)[head]!);
  // Empty: whatever is checked here is asked again once there are pages.
  if (pageBytes === 0) return resolveBudget(0, budget, 1);
  return PAGE_SLOTS * resolveBudget(Number.MAX_SAFE_INTEGER, budget, pageBytes);
}

/** A number of tokens is what it says, however few there are yet. */
function ratioBase(cache: Cache, budget: Budget): number {
  return "keepRatio" in budget ? cache.tokenCount : Number.MAX_SAFE_INTEGER;
}

/** Of the largest page among a head's runs. */
function bytesOfPage(runs: readonly KvRun[]): number {
  let largest = 0;
  for (const { length, byteLength } of runs) {
    if (length > 0) largest = Math.max(largest, byteLength / Math.ceil(length / PAGE_SLOTS));
  }
  return largest;
}

export function slotsOf(cache: CacheView): number {
  let slots = 0;
  for (const [layer, head] of headsOf(cache.layout)) slots += cache.length(layer, head);
  return slots;
}
