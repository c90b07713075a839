/** A cache as a policy sees it: with the spans that the policy and its scorer protect. */
import type { CacheView } from "@frugal/tensor";
import type { ProtectedSpans } from "../types.js";

export function protectedView(cache: CacheView, spans: ProtectedSpans): CacheView {
  const { sinks, recent } = spans;
  return {
    layout: cache.layout,
    length: (layer, head) => cache.length(layer, head),
    positions: (layer, head) => cache.positions(layer, head),
    logWeights: (layer, head) => cache.logWeights(layer, head),
    isProtected: (layer, head, slot) =>
      slot < sinks ||
      slot >= cache.length(layer, head) - recent ||
      cache.isProtected(layer, head, slot),
    keys: (layer, head) => cache.keys(layer, head),
    values: (layer, head) => cache.values(layer, head),
    byteLength: () => cache.byteLength(),
  };
}

/** How many slots of a head are protected. */
export function protectedCount(cache: CacheView, layer: number, head: number): number {
  const length = cache.length(layer, head);
  let count = 0;
  for (let slot = 0; slot < length; slot++) if (cache.isProtected(layer, head, slot)) count++;
  return count;
}

/** Layer and kv head of every head that attends, layer by layer: the order of an allocation. */
export function headsOf(layout: CacheView["layout"]): readonly (readonly [number, number])[] {
  return layout.layers.flatMap(({ kind, kvHeadCount }, layer) =>
    kind === "attention"
      ? Array.from({ length: kvHeadCount }, (_, head) => [layer, head] as const)
      : [],
  );
}

/** Slots of the longest head of a layer: the columns of its scores. */
export function longestHead(cache: CacheView, layer: number): number {
  let longest = 0;
  for (let g = 0; g < cache.layout.layers[layer]!.kvHeadCount; g++) {
    longest = Math.max(longest, cache.length(layer, g));
  }
  return longest;
}
