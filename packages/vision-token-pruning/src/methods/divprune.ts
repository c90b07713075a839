/**
 * Keeps the image tokens that lie furthest apart: greedy choice of the largest smallest distance.
 *
 * Paper    DivPrune, arXiv:2503.02175
 * Shapes   features [N, C] f32  ->  TokenMap, M rows over N, positions compact
 * Units    distance = 1 - cosine similarity, 0..2
 * Needs    the projected features; no attention, no text
 * Cost     O(N*N*C) for the first pick, O(N*M*C) for the rest; O(N*C) scratch, no N x N matrix
 * Differs  a chosen token is never chosen again (the official code repeats one when all others are duplicates);
 *          a token with a NaN is no neighbour to others and is chosen only among duplicates
 * Errors   ArgumentError from resolveBudget; ShapeError when the features are not one row a token
 */
import { argmax, resolveBudget } from "@frugal/tensor";
import { rowDot, unitRows } from "@frugal/tensor/ops";
import { keepTokens } from "../map.js";
import { expectSignal, tokenStep } from "../step.js";
import type { Budget, Floats, TokenMethod } from "../types.js";

export function divPrune({ budget }: { readonly budget: Budget }): TokenMethod {
  return {
    name: "divprune",
    open({ tokenCount }) {
      const count = resolveBudget(tokenCount, budget);
      if (count >= tokenCount) return { steps: [] };
      const step = tokenStep({
        stage: { at: "prompt" },
        needs: { features: { signal: "hidden", part: "projector" } },
        act({ features }, state) {
          expectSignal("divPrune: features", features, [state.count, -1]);
          return keepTokens(maxMinDiversity(features, count).sort(), state);
        },
      });
      return { steps: [step] };
    },
  };
}

/** Indices [count] of rows in the order of choice, each the furthest from those before it; a prefix is a smaller run. */
export function maxMinDiversity(features: Floats, count: number): Uint32Array {
  const total = features.dims[0]!;
  const picked = new Uint32Array(Math.min(count, total));
  if (picked.length === 0) return picked;
  const unit = unitRows(features);
  // nearest[n]: distance from token n to its closest chosen token; -1 marks a chosen one.
  const nearest = nearestNeighbours(unit);
  for (let m = 0; m < picked.length; m++) {
    const pick = argmax(nearest);
    picked[m] = pick;
    nearest[pick] = -1;
    for (let n = 0; n < total; n++) {
      const known = nearest[n]!;
      if (known < 0) continue;
      const distance = distanceOf(unit, n, pick);
      if (m === 0) nearest[n] = Number.isNaN(distance) ? 0 : distance;
      else if (distance < known) nearest[n] = distance;
    }
  }
  return picked;
}

/** Distance from every row to the closest other row; 0 for a row with a NaN. */
function nearestNeighbours(unit: Floats): Float64Array {
  const total = unit.dims[0]!;
  const nearest = new Float64Array(total).fill(2);
  for (let i = 0; i < total; i++) {
    if (Number.isNaN(distanceOf(unit, i, i))) nearest[i] = 0;
    for (let j = i + 1; j < total; j++) {
      const distance = distanceOf(unit, i, j);
      if (distance < nearest[i]!) nearest[i] = distance;
      if (distance < nearest[j]!) nearest[j] = distance;
    }
  }
  return nearest;
}

const distanceOf = (unit: Floats, i: number, j: number): number =>
  Math.max(0, 1 - rowDot(unit, i, unit, j));
