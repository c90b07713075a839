/**
 * Runs one policy over one cache at its boundaries: scores, allocation, plans, then the cache carries them out.
 *
 * Shapes   scores [G, T] or [1, T] a layer; allocation [sum of G over layers]
 * Units    budget in slots a head; the total is heads x budget
 * Cost     the scorer's and reducer's, plus O(slots) for protected spans
 * State    the scorer's session and the resolved budget; both in `checkpoint`. The cache belongs to the caller
 * Differs  all plans are made before the first layer changes, so an error in a plug-in leaves the cache as it was
 * Errors   ArgumentError, ShapeError for what a plug-in gives wrongly; StateError from the cache while a tree is pending
 */
import {
  ArgumentError,
  type CacheView,
  type Floats,
  type HeadPlan,
  type Random,
  ShapeError,
} from "@frugal/tensor";
import { singleSlots } from "../store/apply.js";
import { headsOf, longestHead, protectedCount, protectedView } from "../store/view.js";
import type { Boundary, Cache, CachePolicy, Compression, CompressionReport } from "../types.js";
import { resolveSlots, slotsOf } from "./budget.js";
import { compress } from "./compress.js";

const WHERE = "Compression.run";

export function openCompression(
  policy: CachePolicy,
  context: { readonly cache: Cache; readonly random: Random },
): Compression {
  const { scorer, allocator, reducer, budget, positions, interval, sinks, recent } =
    compress(policy);
  const { cache, random } = context;
  const { layout } = cache;
  const session = scorer.open(layout, random);
  const own = scorer.protects ?? { sinks: 0, recent: 0 };
  const view = protectedView(cache, {
    sinks: Math.max(sinks, own.sinks),
    recent: Math.max(recent, own.recent),
  });
  const heads = headsOf(layout);
  let resolved: number | null = null;

  /** Slots of all heads that may stay; a ratio follows the tokens, tokens and bytes are resolved once. */
  function allowed(slots: number): number {
    if (slots === 0) return 0;
    if ("keepRatio" in budget) return heads.length * resolveSlots(cache, budget);
    resolved ??= resolveSlots(cache, budget);
    return heads.length * resolved;
  }

  function isDue(): boolean {
    const slots = slotsOf(cache);
    return allowed(slots) < slots;
  }

  async function run(boundary: Boundary): Promise<CompressionReport> {
    const bytesBefore = cache.byteLength();
    const before = slotsOf(cache);
    const totalSlots = allowed(before);
    if (totalSlots < before) await reduceTo(totalSlots);
    const kept = slotsOf(cache);
    const bytesAfter = cache.byteLength();
    return { boundary, kept, evicted: before - kept, bytesBefore, bytesAfter };
  }

  async function reduceTo(totalSlots: number): Promise<void> {
    const scores = new Map<number, Floats>();
    for (const [layer, head] of heads) {
      if (head === 0) scores.set(layer, await scoresOf(layer));
    }
    const counts = allocator.allocate({
      totalSlots,
      cache: view,
      scores: (layer) => scoresIn(scores, layer),
    });
    checkCounts(allocator.name, counts, heads, view);
    const plans = new Map<number, (HeadPlan | null)[]>();
    for (const [i, [layer, head]] of heads.entries()) {
      const length = view.length(layer, head);
      const slots = Math.max(counts[i]!, protectedCount(view, layer, head));
      const own = plans.get(layer) ?? [];
      plans.set(layer, own);
      const row = rowOf(scoresIn(scores, layer), head, length);
      own[head] =
        slots >= length
          ? null
          : await reducer.reduce({ layer, head, slots, scores: row, cache: view });
    }
    for (const [layer, own] of plans) {
      if (own.every((plan) => plan === null)) continue;
      cache.apply(layer, own, { positions });
      own.forEach((plan, head) => {
        if (plan) session.compact?.(layer, head, movedSlots(plan));
      });
    }
  }

  async function scoresOf(layer: number): Promise<Floats> {
    const scores = await session.scores(layer, view);
    const headCount = scorer.granularity === "layer" ? 1 : layout.layers[layer]!.kvHeadCount;
    const longest = longestHead(view, layer);
    if (scores.dims.length !== 2 || scores.dims[0] !== headCount || scores.dims[1] !== longest) {
      throw new ShapeError(`${scorer.name}.scores`, [headCount, longest], scores.dims);
    }
    return scores;
  }

  return {
    needs: scorer.needs(layout.model),
    interval,
    observe: (layer, signals, firstPosition, rowCount) =>
      session.observe?.(layer, signals, firstPosition, rowCount),
    isDue,
    run,
    checkpoint: () => ({ resolved, session: session.checkpoint?.() }),
    restore(saved) {
      const { resolved: slots, session: state } = saved as { resolved: number; session: unknown };
      resolved = slots;
      session.restore?.(state);
    },
  };
}

function scoresIn(scores: ReadonlyMap<number, Floats>, layer: number): Floats {
  const own = scores.get(layer);
  if (own) return own;
  throw new ArgumentError(WHERE, "layer", "a layer that attends", layer);
}

/** A head's scores; with granularity "layer" all heads read the one row. */
function rowOf(scores: Floats, head: number, length: number): Float32Array {
  const [rows, columns] = scores.dims as [number, number];
  const start = rows === 1 ? 0 : head * columns;
  return scores.data.subarray(start, start + length);
}

function checkCounts(
  name: string,
  counts: Uint32Array,
  heads: readonly (readonly [number, number])[],
  cache: CacheView,
): void {
  const where = `${name}.allocate`;
  if (counts.length !== heads.length) throw new ShapeError(where, [heads.length], [counts.length]);
  heads.forEach(([layer, head], i) => {
    const length = cache.length(layer, head);
    if (counts[i]! <= length) return;
    throw new ArgumentError(where, `counts[${i}]`, `at most the ${length} slots there`, counts[i]);
  });
}

/** The old slot of each new one; of a merged slot the first source. */
function movedSlots(plan: HeadPlan): Uint32Array {
  const { keysFrom } = plan;
  const single = singleSlots(keysFrom);
  if (single) return single.slice();
  return Uint32Array.from({ length: keysFrom.rowCount }, (_, row) => {
    return keysFrom.sources[keysFrom.starts[row]!] ?? 0;
  });
}
