/**
 * Scores every slot by chance: the line that a method has to beat.
 *
 * Paper    none
 * Shapes   -> scores [G, T] f32
 * Units    uniform in 0..1
 * Needs    nothing
 * Cost     O(G T)
 * State    how often each layer was scored, so that a restored session draws the same numbers again
 */
import { floats } from "@frugal/tensor";
import { longestHead } from "../store/view.js";
import type { Scorer } from "../types.js";

export function random(): Scorer<Record<never, never>> {
  return {
    name: "random",
    granularity: "kvHead",
    needs: () => ({}),
    open(layout, seeded) {
      let rounds = layout.layers.map(() => 0);
      return {
        scores(layer, cache) {
          const { kvHeadCount } = layout.layers[layer]!;
          const round = rounds[layer]!;
          rounds[layer] = round + 1;
          const own = seeded.fork(`layer ${layer} round ${round}`);
          const dims = [kvHeadCount, longestHead(cache, layer)] as const;
          return floats(
            dims,
            Float32Array.from({ length: dims[0] * dims[1] }, () => own.next()),
          );
        },
        checkpoint: () => [...rounds],
        restore(saved) {
          rounds = [...(saved as readonly number[])];
        },
      };
    },
  };
}
