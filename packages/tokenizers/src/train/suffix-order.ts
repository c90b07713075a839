/**
 * Orders the suffixes of a text by what they begin with.
 *
 * Paper    Manber and Myers 1993, doi:10.1137/0222058 (doubling of the length compared)
 * Shapes   codes [n] i32  ->  places [n] i32, in the order of the `depth` codes from each; the end comes before any code
 * Cost     O(n log depth) time, 16 bytes a code
 * Errors   the signal's reason
 */
import type { Pace } from "./pace.js";

const PHASE = "ordering suffixes";
/** Places between two chances to rest. */
const BLOCK = 1 << 15;

export async function suffixOrder(
  codes: Int32Array,
  depth: number,
  pace: Pace,
): Promise<Int32Array> {
  const length = codes.length;
  let order = new Int32Array(length);
  let spare = new Int32Array(length);
  const ranks = new Int32Array(length);
  const slots = new Int32Array(length);

  async function inBlocks(work: (from: number, to: number) => void): Promise<void> {
    for (let from = 0; from < length; from += BLOCK) {
      work(from, Math.min(length, from + BLOCK));
      if (pace.spend(BLOCK * 2)) await pace.rest(PHASE, from, length);
    }
  }

  /** Sets the ranks of suffixes that differ by `differs` from the one before them to their places. */
  async function rank(differs: (a: number, b: number) => boolean): Promise<boolean> {
    const next = slots;
    let last = 0;
    let distinct = true;
    await inBlocks((from, to) => {
      for (let i = from; i < to; i++) {
        if (i > 0 && differs(order[i - 1]!, order[i]!)) last = i;
        else if (i > 0) distinct = false;
        next[order[i]!] = last;
      }
    });
    ranks.set(next);
    return distinct;
  }

  countingSort(codes, order);
  let done = await rank((a, b) => codes[a] !== codes[b]);
  for (let known = 1; known < depth && !done; known *= 2) {
    // Suffixes that end within `known` codes are alone with their rank already: they come first.
    for (let i = 0; i < length; i++) slots[i] = i;
    for (let place = Math.max(0, length - known); place < length; place++) {
      spare[slots[ranks[place]!]!++] = place;
    }
    await inBlocks((from, to) => {
      for (let i = from; i < to; i++) {
        const place = order[i]! - known;
        if (place >= 0) spare[slots[ranks[place]!]!++] = place;
      }
    });
    [order, spare] = [spare, order];
    const second = (place: number): number => (place + known < length ? ranks[place + known]! : -1);
    done = await rank((a, b) => ranks[a] !== ranks[b] || second(a) !== second(b));
  }
  return order;
}

/** Places in the order of their code, of one code ascending. */
function countingSort(codes: Int32Array, into: Int32Array): void {
  let most = 0;
  for (const code of codes) most = Math.max(most, code);
  const places = new Int32Array(most + 2);
  for (const code of codes) places[code + 1]!++;
  for (let code = 0; code <= most; code++) places[code + 1]! += places[code]!;
  for (let i = 0; i < codes.length; i++) into[places[codes[i]!]!++] = i;
}
