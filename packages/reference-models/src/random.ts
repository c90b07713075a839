/**
 * Draws the numbers behind every picture, question and note, the same for the same seed everywhere.
 *
 * Paper    none: mulberry32, 32 bits of state
 * Units    a draw lies in 0..1, 1 left out
 * State    one integer inside the closure; nothing is shared between generators
 * Errors   none
 */

/** Gives the next number in 0..1 at each call. */
export type Random = () => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One item of a list that is not empty; costs one draw. */
export function pick<Item>(draw: Random, list: readonly Item[]): Item {
  return list[Math.floor(draw() * list.length)]!;
}

/** A shuffled copy (Fisher-Yates from the end); costs one draw an item but the first. */
export function shuffle<Item>(draw: Random, list: readonly Item[]): Item[] {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}
