/**
 * Keeps, of every run of image tokens, the one most like its neighbours in the grid: it speaks for the area.
 *
 * Paper    none: an example of a method of your own
 * Shapes   features [N, C] f32  ->  TokenMap, M rows over N; kept tokens keep their position ids
 * Needs    the projected features; no attention, no text
 * Cost     O(N*C)
 */
import { resolveBudget } from "@frugal/tensor";
import { expectSignal, keepTokens, tokenStep } from "@frugal/vision-token-pruning";

/** What `frugal run --method` loads: a function from a budget to a method. */
export default function spokesmen(budget) {
  return {
    name: "spokesmen",
    open({ tokenCount, grid }) {
      const count = resolveBudget(tokenCount, budget);
      if (count >= tokenCount) return { steps: [] };
      const step = tokenStep({
        stage: { at: "prompt" },
        needs: { features: { signal: "hidden", part: "projector" } },
        act({ features }, state) {
          expectSignal("spokesmen: features", features, [state.count, -1]);
          const gaps = gapsToNeighbours(features, grid);
          const kept = Uint32Array.from({ length: count }, (_, run) => {
            const end = Math.floor(((run + 1) * state.count) / count);
            let best = Math.floor((run * state.count) / count);
            for (let n = best; n < end; n++) if (gaps[n] < gaps[best]) best = n;
            return best;
          });
          return keepTokens(kept, state, { positions: "keep" });
        },
      });
      return { steps: [step] };
    },
  };
}

/** [N]: mean squared distance of a token to the tokens left, right, above and below. */
function gapsToNeighbours({ data, dims: [tokenCount, width] }, { columns }) {
  const squared = (a, b) => {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += (data[a * width + c] - data[b * width + c]) ** 2;
    return sum;
  };
  return Float64Array.from({ length: tokenCount }, (_, n) => {
    const around = [n - columns, n + columns];
    if (n % columns > 0) around.push(n - 1);
    if (n % columns < columns - 1) around.push(n + 1);
    const inside = around.filter((other) => other >= 0 && other < tokenCount);
    return inside.reduce((sum, other) => sum + squared(n, other) / inside.length, 0);
  });
}
