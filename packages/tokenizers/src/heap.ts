/**
 * A queue that gives the entry that stands before all others.
 *
 * Paper    binary heap, Williams 1964, doi:10.1145/512274.512284
 * Cost     O(log n) for `push` and `pop`
 * Differs  of entries neither of which stands before the other any one comes first: let `isBefore` decide all
 */
export class Heap<T> {
  readonly #isBefore: (a: T, b: T) => boolean;
  readonly #entries: T[] = [];

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#entries.length;
  }

  peek(): T | undefined {
    return this.#entries[0];
  }

  push(entry: T): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(entry, entries[above]!)) break;
      entries[at] = entries[above]!;
      at = above;
    }
    entries[at] = entry;
  }

  pop(): T | undefined {
    const entries = this.#entries;
    const first = entries[0];
    const moved = entries.pop();
    if (entries.length === 0 || moved === undefined) return first;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      if (below >= entries.length) break;
      if (below + 1 < entries.length && this.#isBefore(entries[below + 1]!, entries[below]!))
        below++;
      if (!this.#isBefore(entries[below]!, moved)) break;
      entries[at] = entries[below]!;
      at = below;
    }
    entries[at] = moved;
    return first;
  }
}
