/**
 * Scores a cached token by the strongest look that any of the last queries took at it.
 *
 * Paper    none: an example of a method of your own
 * Shapes   attention [H, rows, T] of the last queries  ->  scores [G, T] f32
 * Units    a probability: 0..1
 * Needs    attention of the last `WINDOW` rows
 * Cost     O(H*rows*T)
 * State    the scores of each layer, until its slots move
 */
import { floats, StateError } from "@frugal/tensor";

const WINDOW = 8;
const NEEDS = {
  attention: { signal: "attention", part: "decoder", layer: "each", rows: { last: WINDOW } },
};

/** What `frugal run --method` loads: the budget is the policy's matter, so a scorer is the same for all. */
export default {
  name: "strongest-look",
  granularity: "kvHead",
  protects: { sinks: 0, recent: WINDOW },
  needs: () => NEEDS,
  open({ layers }) {
    let looks = layers.map(() => null);
    return {
      observe(layer, { attention }) {
        looks[layer] = strongest(attention, layers[layer].kvHeadCount);
      },
      scores(layer) {
        if (looks[layer]) return looks[layer];
        throw new StateError("strongest-look", `no attention of layer ${layer} yet`);
      },
      compact(layer) {
        looks[layer] = null; // over slots that are no more; the next boundary brings new rows
      },
      checkpoint: () => [...looks],
      restore(saved) {
        looks = [...saved];
      },
    };
  },
};

/** [G, T]: maximum over the rows and over the query heads that share a kv head. */
function strongest({ data, dims }, kvHeadCount) {
  const [headCount, rows, length] = dims;
  const scores = new Float32Array(kvHeadCount * length);
  for (let i = 0; i < data.length; i++) {
    const head = Math.floor(i / (rows * length));
    const slot = Math.floor((head * kvHeadCount) / headCount) * length + (i % length);
    if (data[i] > scores[slot]) scores[slot] = data[i];
  }
  return floats([kvHeadCount, length], scores);
}
