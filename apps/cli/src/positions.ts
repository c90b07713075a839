/**
 * Makes a method's tokens keep the position ids they had: a kept token its own, a merged one that of its first.
 *
 * Needs    a model that has met gaps between positions; `scenes` was trained with both
 * Cost     O(M) a map
 */
import type { TokenMap, TokenMethod, TokenState } from "@frugal/vision-token-pruning";

export function keepPositions(method: TokenMethod): TokenMethod {
  return {
    ...method,
    open(context) {
      const session = method.open(context);
      const steps = session.steps.map((step) => ({
        ...step,
        async act(...[signals, state]: Parameters<typeof step.act>) {
          const map = await step.act(signals, state);
          return map && { ...map, positions: firstPositions(map, state) };
        },
      }));
      return { ...session, steps };
    },
  };
}

function firstPositions({ matrix }: TokenMap, { positions }: TokenState): Int32Array {
  const { rowCount, starts, sources } = matrix;
  return Int32Array.from({ length: rowCount }, (_, row) =>
    sources
      .subarray(starts[row], starts[row + 1])
      .reduce((least, source) => Math.min(least, positions[source]!), Infinity),
  );
}
