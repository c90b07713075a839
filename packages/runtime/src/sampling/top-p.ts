/**
 * Keeps the smallest set of best tokens whose mass reaches p.
 *
 * Paper    nucleus sampling, arXiv:1904.09751; as transformers' TopPLogitsWarper
 * Shapes   logits [V] f32, in place
 * Units    p in 0..1; a token goes where the tokens above it hold at least p; the best always stays
 * Order    sums in f64, best first; of equal logits the lower index is above
 * Cost     O(V) and a sort of the candidates: tokens are taken in by bands of their mass until they hold p
 */
import { maximum } from "./law.js";
import type { LogitProcessor } from "./processor.js";

/** Each band reaches this much further down: few passes, and few candidates beyond those that stay. */
const BAND = 2 ** -5;

export function topP(mass: number): LogitProcessor {
  let candidates = new Uint32Array(0);
  return {
    name: "top-p",
    apply(logits) {
      if (candidates.length !== logits.length) candidates = new Uint32Array(logits.length);
      const best = maximum(logits);
      let total = 0;
      for (let i = 0; i < logits.length; i++) total += Math.exp((logits[i] as number) - best);
      const needed = mass * total;

      let count = 0;
      let held = 0;
      for (let least = BAND; ; least *= BAND) {
        count = 0;
        held = 0;
        for (let i = 0; i < logits.length; i++) {
          const weight = Math.exp((logits[i] as number) - best);
          if (weight < least) continue;
          candidates[count++] = i;
          held += weight;
        }
        if (held >= needed || least === 0) break;
      }
      const ranked = candidates.subarray(0, count);
      ranked.sort((a, b) => (logits[b] as number) - (logits[a] as number) || a - b);

      let above = Math.exp((logits[ranked[0] as number] as number) - best);
      let kept = 1;
      while (kept < count && above < needed) {
        above += Math.exp((logits[ranked[kept++] as number] as number) - best);
      }
      const last = ranked[kept - 1] as number;
      const border = logits[last] as number;
      for (let i = 0; i < logits.length; i++) {
        const logit = logits[i] as number;
        if (logit < border || (logit === border && i > last)) logits[i] = -Infinity;
      }
    },
  };
}
