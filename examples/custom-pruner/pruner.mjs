/**
 * Keeps the image tokens that differ most from their neighbours in the grid: edges stay, flat ground goes.
 *
 * Paper    none: an example of a method of your own
 * Shapes   features [N, C] f32  ->  TokenMap, M rows over N; kept tokens keep their position ids
 * Needs    the projected features; no attention, no text
 * Cost     O(N*C)
 */
import { resolveBudget, topkIndices } from "@frugal/tensor";
import { expectSignal, keepTokens, tokenStep } from "@frugal/vision-token-pruning";

/** What `frugal run --method` loads: a function from a budget to a method. */
export default function edges(budget) {
  return {
    name: "edges",
    open({ tokenCount, grid }) {
      const count = resolveBudget(tokenCount, budget);
      if (count >= tokenCount) return { steps: [] };
      const step = tokenStep({
        stage: { at: "prompt" },
        needs: { features: { signal: "hidden", part: "projector" } },
        act({ features }, state) {
          expectSignal("edges: features", features, [state.count, -1]);
          const kept = topkIndices(contrast(features, grid), count);
          return keepTokens(kept, state, { positions: "keep" });
        },
      });
      return { steps: [step] };
    },
  };
}

/** [N]: mean squared distance of a token to the tokens left, right, above and below. */
function contrast({ data, dims }, { columns }) {
  const [tokenCount, width] = dims;
  const scores = new Float64Array(tokenCount);
  for (let n = 0; n < tokenCount; n++) {
    const column = n % columns;
    const neighbours = [n - columns, n + columns];
    if (column > 0) neighbours.push(n - 1);
    if (column < columns - 1) neighbours.push(n + 1);
    const inside = neighbours.filter((other) => other >= 0 && other < tokenCount);
    for (const other of inside) {
      for (let c = 0; c < width; c++) {
        const gap = data[n * width + c] - data[other * width + c];
        scores[n] += (gap * gap) / inside.length;
      }
    }
  }
  return scores;
}
