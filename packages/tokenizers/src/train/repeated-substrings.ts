/**
 * Finds the substrings that occur more than once and go on in more than one way: the inner nodes of a suffix tree.
 *
 * Paper    Abouelhoda, Kurtz and Ohlebusch 2004, doi:10.1016/S1570-8667(03)00065-0 (trees from suffix arrays)
 * Shapes   codes [n] i32, 0 between entries  ->  for each substring a place where it stands, its length, its count
 * Cost     O(n log maxLength) time, 24 bytes a code
 * Differs  only up to a length; in the order of the tree, inner ones first, as esaxx has them
 * Errors   the signal's reason
 */
import { grown } from "./growing.js";
import type { Pace } from "./pace.js";
import { suffixOrder } from "./suffix-order.js";

export interface Substrings {
  /** Entries of the arrays that count. */
  length: number;
  places: Int32Array;
  lengths: Int32Array;
  counts: Float64Array;
}

const BLOCK = 1 << 14;

/** `weightAt`: how often what stands at a place occurs. `accepts`: which substrings of two codes or more to give. */
export async function repeatedSubstrings(
  codes: Int32Array,
  maxLength: number,
  weightAt: (place: number) => number,
  accepts: (place: number, length: number) => boolean,
  pace: Pace,
): Promise<Substrings> {
  const order = await suffixOrder(codes, maxLength + 1, pace);
  const found: Substrings = {
    length: 0,
    places: new Int32Array(1024),
    lengths: new Int32Array(1024),
    counts: new Float64Array(1024),
  };
  // Open nodes: where they begin in the order, how long they are, and the weight of what comes before.
  const starts: number[] = [0];
  const depths: number[] = [0];
  const befores: number[] = [0];
  let weight = 0;
  let weightBefore = 0;

  /** What stands at `i` begins with the first `shared` codes of what stands before it; -1 behind the last. */
  function step(i: number, shared: number): void {
    let start = i - 1;
    let before = weightBefore;
    while (starts.length > 0 && depths.at(-1)! > shared) {
      start = starts.pop()!;
      before = befores.pop()!;
      give(order[start]!, depths.pop()!, weight - before);
    }
    if (shared < 0 || depths.at(-1) === shared) return;
    starts.push(start);
    depths.push(shared);
    befores.push(before);
  }

  function give(place: number, length: number, count: number): void {
    if (length < 2 || length > maxLength || !accepts(place, length)) return;
    const at = found.length++;
    found.places = grown(found.places, found.length);
    found.lengths = grown(found.lengths, found.length);
    found.counts = grown(found.counts, found.length);
    found.places[at] = place;
    found.lengths[at] = length;
    found.counts[at] = count;
  }

  for (let i = 0; i < order.length; i++) {
    if (i > 0) step(i, sharedLength(codes, order[i - 1]!, order[i]!, maxLength + 1));
    weightBefore = weight;
    weight += weightAt(order[i]!);
    if (i % BLOCK === 0 && pace.spend(BLOCK * 8))
      await pace.rest("finding substrings", i, order.length);
  }
  if (order.length > 0) step(order.length, -1);
  return found;
}

function sharedLength(codes: Int32Array, a: number, b: number, most: number): number {
  const limit = Math.min(most, codes.length - Math.max(a, b));
  let shared = 0;
  while (shared < limit && codes[a + shared] === codes[b + shared]) shared++;
  return shared;
}
