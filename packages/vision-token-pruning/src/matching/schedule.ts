/**
 * How many tokens each encoder layer merges away.
 *
 * Shapes   L layers  ->  r [L]
 * Units    tokens; one layer merges at most half of those it has
 * Cost     O(L)
 * Errors   ArgumentError for counts that are not integers of at least 0 and for more of them than layers
 */
import { ArgumentError } from "@frugal/tensor";

/** The official `parse_r`. A list is filled up with zeros; a number spreads by `inflection` -1 (falling) .. 1 (rising). */
export function parseR(
  layerCount: number,
  r: number | readonly number[],
  inflection = 0,
): number[] {
  if (typeof r !== "number") {
    if (r.length > layerCount)
      throw new ArgumentError("parseR", "schedule", `of at most ${layerCount} layers`, r.length);
    for (const count of r) checkCount(count);
    return Array.from({ length: layerCount }, (_, layer) => r[layer] ?? 0);
  }
  checkCount(r);
  if (!(inflection >= -1 && inflection <= 1))
    throw new ArgumentError("parseR", "inflection", "in -1..1", inflection);
  const least = Math.trunc(r * (1 - inflection));
  const most = 2 * r - least;
  const step = layerCount > 1 ? (most - least) / (layerCount - 1) : 0;
  return Array.from({ length: layerCount }, (_, layer) => Math.trunc(least + step * layer));
}

/**
 * Leaves exactly `count` of `total` tokens behind the last layer; needs count >= total / 2^L. Every layer removes an equal
 * share of what is left to remove, early ones more where the later ones could not halve fast enough.
 */
export function budgetSchedule(total: number, count: number, layerCount: number): number[] {
  let tokens = total;
  return Array.from({ length: layerCount }, (_, layer) => {
    const left = layerCount - layer;
    const even = Math.ceil((tokens - count) / left);
    const r = Math.max(0, even, tokens - count * 2 ** (left - 1));
    tokens -= r;
    return r;
  });
}

function checkCount(r: number): void {
  if (!Number.isInteger(r) || r < 0)
    throw new ArgumentError("parseR", "r", "an integer of at least 0", r);
}
