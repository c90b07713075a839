/**
 * Scores a slot by the attention of the last queries, smoothed over its neighbours.
 *
 * Paper    SnapKV, arXiv:2404.14469
 * Shapes   attention [H, rows, T] of the last `window` queries  ->  scores [G, T] f32
 * Units    attention mass; the window's own slots get a score just above the best and are protected
 * Needs    attention of the last `window` rows, over the cache as it stands
 * Cost     O(H rows T) to observe, O(H T kernel) to score
 * State    one f64 per query head and slot, from the last `observe` until slots move
 * Differs  kv heads, not query heads, keep slots: scores are averaged over each group after pooling, as kvpress does; the
 *          authors' code stores every key once a query head. Ties go to the lower slot. `pooled` alone gives their scores
 * Errors   ArgumentError for options out of range; ShapeError for other signals; StateError when nothing was observed
 */
import {
  ArgumentError,
  type CacheLayout,
  type CacheView,
  type Floats,
  floats,
  ShapeError,
  StateError,
} from "@frugal/tensor";
import { triple } from "../attention.js";
import { longestHead } from "../store/view.js";
import type { Scorer, ScoreSession } from "../types.js";

export interface SnapKvOptions {
  /** Queries that vote, and slots that stay for them. Default 32. */
  readonly window?: number;
  /** Width of the pooling, odd, in slots; 1: none. Default 5. */
  readonly kernel?: number;
  /** Average divides by the whole kernel at the ends, too. Default "average". */
  readonly pooling?: "average" | "max";
  /** How the rows of the window are put together. Default "mean". */
  readonly rows?: "mean" | "sum";
  /** How a group's query heads are. Default "mean". */
  readonly groupReduce?: "mean" | "max";
}

interface SnapKvNeeds {
  readonly attention: {
    readonly signal: "attention";
    readonly part: "decoder";
    readonly layer: "each";
    readonly rows: { readonly last: number };
  };
  readonly [name: string]: SnapKvNeeds["attention"];
}

export function snapKv(options: SnapKvOptions = {}): Scorer<SnapKvNeeds> {
  const settings = checked(options);
  const { window } = settings;
  return {
    name: "snapkv",
    granularity: "kvHead",
    protects: { sinks: 0, recent: window },
    needs: () => ({
      attention: { signal: "attention", part: "decoder", layer: "each", rows: { last: window } },
    }),
    open: (layout) => open(layout, settings),
  };
}

function open(layout: CacheLayout, settings: Required<SnapKvOptions>): ScoreSession<SnapKvNeeds> {
  /** Votes [H, T] a layer. */
  let votes: (Floats | null)[] = layout.layers.map(() => null);
  return {
    observe(layer, { attention }) {
      votes[layer] = votesOf(attention, settings.rows);
    },
    scores(layer, cache) {
      const own = votes[layer];
      if (!own) throw new StateError("snapkv.scores", `no attention of layer ${layer} yet`);
      return scoresOf(own, layer, cache, settings);
    },
    compact(layer) {
      votes[layer] = null; // over slots that are no more; the next boundary brings new rows
    },
    checkpoint: () => [...votes],
    restore(saved) {
      votes = [...(saved as typeof votes)];
    },
  };
}

/** [H, rows, T] -> [H, T] */
function votesOf(attention: Floats, rows: "mean" | "sum"): Floats {
  const [heads, count, length] = triple("snapkv.observe", attention);
  const votes = new Float32Array(heads * length);
  for (let h = 0; h < heads; h++) {
    for (let t = 0; t < length; t++) {
      let sum = 0;
      for (let r = 0; r < count; r++) sum += attention.data[(h * count + r) * length + t]!;
      votes[h * length + t] = rows === "mean" && count > 0 ? sum / count : sum;
    }
  }
  return floats([heads, length], votes);
}

function scoresOf(
  votes: Floats,
  layer: number,
  cache: CacheView,
  { window, kernel, pooling, groupReduce }: Required<SnapKvOptions>,
): Floats {
  const [queryHeads, columns] = votes.dims as [number, number];
  const { kvHeadCount } = cache.layout.layers[layer]!;
  const length = longestHead(cache, layer);
  const group = queryHeads / kvHeadCount;
  if (columns !== length || !Number.isInteger(group)) {
    throw new ShapeError("snapkv.scores", [kvHeadCount, length], votes.dims);
  }
  const out = new Float32Array(kvHeadCount * length);
  for (let g = 0; g < kvHeadCount; g++) {
    const slots = cache.length(layer, g);
    const past = Math.max(0, slots - window);
    const scores = out.subarray(g * length, g * length + slots);
    const sums = new Float64Array(past);
    for (let i = 0; i < group; i++) {
      const start = (g * group + i) * length;
      const smooth = pooled(votes.data.subarray(start, start + past), kernel, pooling);
      for (let t = 0; t < past; t++) {
        if (groupReduce === "mean") sums[t]! += smooth[t]! / group;
        else sums[t] = i === 0 ? smooth[t]! : Math.max(sums[t]!, smooth[t]!);
      }
    }
    scores.set(sums);
    let best = 0;
    for (let t = 0; t < past; t++) best = Math.max(best, sums[t]!);
    scores.fill(best + 1, past);
  }
  return floats([kvHeadCount, length], out);
}

/** 1-D pooling with stride 1 [T]: beyond the ends stand zeros (average) or nothing (max). */
export function pooled(
  votes: ArrayLike<number>,
  kernel: number,
  pooling: "average" | "max",
): Float64Array {
  const reach = (kernel - 1) / 2;
  const out = new Float64Array(votes.length);
  for (let t = 0; t < votes.length; t++) {
    const first = Math.max(0, t - reach);
    const last = Math.min(votes.length - 1, t + reach);
    let sum = 0;
    let largest = -Infinity;
    for (let i = first; i <= last; i++) {
      sum += votes[i]!;
      largest = Math.max(largest, votes[i]!);
    }
    out[t] = pooling === "average" ? sum / kernel : largest;
  }
  return out;
}

function checked(options: SnapKvOptions): Required<SnapKvOptions> {
  const where = "snapKv";
  const {
    window = 32,
    kernel = 5,
    pooling = "average",
    rows = "mean",
    groupReduce = "mean",
  } = options;
  if (!Number.isSafeInteger(window) || window < 1) {
    throw new ArgumentError(where, "window", "a positive integer", window);
  }
  if (!Number.isSafeInteger(kernel) || kernel < 1 || kernel % 2 === 0) {
    throw new ArgumentError(where, "kernel", "an odd positive integer", kernel);
  }
  oneOf(where, "pooling", pooling, ["average", "max"]);
  oneOf(where, "rows", rows, ["mean", "sum"]);
  oneOf(where, "groupReduce", groupReduce, ["mean", "max"]);
  return { window, kernel, pooling, rows, groupReduce };
}

function oneOf(where: string, name: string, value: string, known: readonly string[]): void {
  if (!known.includes(value)) throw new ArgumentError(where, name, known.join(" or "), value);
}
