/**
 * Scores a slot by the attention of the newest query, averaged over all heads.
 *
 * Paper    TOVA, arXiv:2401.06104
 * Shapes   attention [H, rows, T], of which the last row counts  ->  scores [1, T] f32
 * Units    attention weight, 0..1
 * Needs    attention of the last row, over the cache as it stands
 * Cost     O(H T)
 * State    one f32 per slot of a layer, from the last `observe` until slots move
 * Differs  eviction happens at boundaries, as many slots at a time as are over the budget; the paper drops one a token. The
 *          newest slot may go, as in the authors' code; `protectNewest` keeps it, as kvpress does
 * Errors   ShapeError for other signals; StateError when nothing was observed
 */
import { type Floats, floats, ShapeError, StateError } from "@frugal/tensor";
import { triple } from "../attention.js";
import { longestHead } from "../store/view.js";
import type { Scorer } from "../types.js";

const NEEDS = {
  attention: { signal: "attention", part: "decoder", layer: "each", rows: "last" },
} as const;

export function tova(options: { readonly protectNewest?: boolean } = {}): Scorer<typeof NEEDS> {
  const { protectNewest = false } = options;
  return {
    name: "tova",
    granularity: "layer",
    protects: { sinks: 0, recent: protectNewest ? 1 : 0 },
    needs: () => NEEDS,
    open(layout) {
      let means: (Floats | null)[] = layout.layers.map(() => null);
      return {
        observe(layer, { attention }) {
          means[layer] = headMean(attention);
        },
        scores(layer, cache) {
          const own = means[layer];
          if (!own) throw new StateError("tova.scores", `no attention of layer ${layer} yet`);
          const length = longestHead(cache, layer);
          if (own.dims[1] !== length) throw new ShapeError("tova.scores", [1, length], own.dims);
          return own;
        },
        compact(layer) {
          means[layer] = null;
        },
        checkpoint: () => [...means],
        restore(saved) {
          means = [...(saved as typeof means)];
        },
      };
    },
  };
}

/** [H, rows, T] -> [1, T]: the last row, mean over heads. */
export function headMean(attention: Floats): Floats {
  const [heads, rows, length] = triple("tova.observe", attention);
  if (rows === 0 || heads === 0) throw new ShapeError("tova.observe", [-1, 1, -1], attention.dims);
  const mean = new Float32Array(length);
  for (let t = 0; t < length; t++) {
    let sum = 0;
    for (let h = 0; h < heads; h++) sum += attention.data[(h * rows + rows - 1) * length + t]!;
    mean[t] = sum / heads;
  }
  return floats([1, length], mean);
}
