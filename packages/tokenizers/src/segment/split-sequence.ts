/**
 * A list of ids in which any one can be found by its place now, and split into two.
 *
 * Shapes   each id of the start is a slot that holds one id, or the list it has become; counts [n + 1] i32, a Fenwick tree
 *          over the slots (Fenwick 1994, doi:10.1002/spe.4380240306)
 * Cost     finding O(log n); splitting O(log n + ids of the slot)
 */
export class SplitSequence {
  readonly #start: Uint32Array;
  readonly #lists = new Map<number, number[]>();
  readonly #counts: Int32Array;
  /** The highest power of two that is no more than n. */
  readonly #top: number;
  length: number;
  /** Where the id that was found last stands. */
  #slot = 0;
  #offset = 0;

  constructor(ids: ArrayLike<number>) {
    this.#start = Uint32Array.from(ids);
    this.length = ids.length;
    this.#counts = Int32Array.from({ length: ids.length + 1 }, (_, i) => i & -i);
    this.#top = ids.length === 0 ? 0 : 2 ** (31 - Math.clz32(ids.length));
  }

  /** The id at a place below `length`. */
  find(place: number): number {
    let slot = 0;
    let rest = place;
    for (let step = this.#top; step > 0; step >>= 1) {
      const next = slot + step;
      if (next <= this.#start.length && this.#counts[next]! <= rest) {
        slot = next;
        rest -= this.#counts[next]!;
      }
    }
    this.#slot = slot;
    this.#offset = rest;
    return this.#lists.get(slot)?.[rest] ?? this.#start[slot]!;
  }

  /** Puts two ids in place of the one that was found last. */
  splitFound(left: number, right: number): void {
    const list = this.#lists.get(this.#slot);
    if (list === undefined) this.#lists.set(this.#slot, [left, right]);
    else list.splice(this.#offset, 1, left, right);
    for (let i = this.#slot + 1; i < this.#counts.length; i += i & -i) this.#counts[i]!++;
    this.length++;
  }

  ids(): Uint32Array {
    const ids = new Uint32Array(this.length);
    let at = 0;
    for (let slot = 0; slot < this.#start.length; slot++) {
      const list = this.#lists.get(slot);
      if (list === undefined) ids[at++] = this.#start[slot]!;
      else for (const id of list) ids[at++] = id;
    }
    return ids;
  }
}
