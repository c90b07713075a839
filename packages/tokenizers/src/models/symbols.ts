/**
 * The symbols of one piece, merged in place in order of rank.
 *
 * Paper    Sennrich et al., arXiv:1508.07909; the queue of Hugging Face tokenizers
 * Shapes   id, from, to, next, previous [n] i32: symbol i is `id[i]`, over units `from[i]` up to `to[i]`; next is -1 at
 *          the end, id is -1 for a symbol that was merged into the one before it
 * Cost     O(n log n) for n symbols; 28 bytes a symbol, kept up to KEPT_LENGTH symbols
 * State    reused for every piece
 */
import type { Dropout } from "./dropout.js";
import type { PairTable } from "./pair-table.js";

const KEPT_LENGTH = 1 << 14;
const POSITION = 2 ** 31;

export class Symbols {
  length = 0;
  id = new Int32Array(256);
  from = new Int32Array(256);
  to = new Int32Array(256);
  next = new Int32Array(256);
  #previous = new Int32Array(256);
  /** Heap of `rank * 2^31 + position`, the least first: exact below 2^53. */
  #heap = new Float64Array(256);
  #queued = 0;
  /** Pairs queued by the last `merge`: what its cost grows with. */
  pushed = 0;

  clear(): void {
    if (this.id.length > KEPT_LENGTH) this.#resize(KEPT_LENGTH, 0);
    this.length = 0;
  }

  add(id: number, from: number, to: number): void {
    if (this.length === this.id.length) this.#resize(this.length * 2, this.length);
    this.id[this.length] = id;
    this.from[this.length] = from;
    this.to[this.length++] = to;
  }

  merge(pairs: PairTable): void {
    this.#link(pairs);
    while (this.#queued > 0) {
      const key = this.#pop();
      const rank = Math.floor(key / POSITION);
      const position = key - rank * POSITION;
      const right = this.#partner(pairs, rank, position);
      if (right !== -1) this.#join(pairs, rank, position, right);
    }
  }

  /** As `merge`, but for merges that are left out. */
  mergeWithDropout(pairs: PairTable, { probability, variant, random }: Dropout): void {
    this.#link(pairs);
    const left: number[] = [];
    while (this.#queued > 0) {
      const key = this.#pop();
      const rank = Math.floor(key / POSITION);
      const position = key - rank * POSITION;
      const right = this.#partner(pairs, rank, position);
      if (right === -1 && variant !== "hugging-face") continue;
      if (random() < probability) {
        if (variant !== "sentencepiece") left.push(key);
        continue;
      }
      for (const other of left) this.#queueKey(other);
      left.length = 0;
      if (right !== -1) this.#join(pairs, rank, position, right);
    }
  }

  /** The right half of the pair queued for `position`; -1 where the pair has changed since it was queued. */
  #partner(pairs: PairTable, rank: number, position: number): number {
    const { id } = this;
    if (id[position] === -1) return -1;
    const right = this.next[position]!;
    if (right === -1) return -1;
    const current = pairs.rank(id[position]!, id[right]!);
    return current !== -1 && pairs.product[current] === pairs.product[rank] ? right : -1;
  }

  #join(pairs: PairTable, rank: number, position: number, right: number): void {
    const { id, next, to } = this;
    const merged = pairs.product[rank]!;
    id[position] = merged;
    to[position] = to[right]!;
    id[right] = -1;
    const after = next[right]!;
    next[position] = after;
    if (after !== -1) {
      this.#previous[after] = position;
      this.#queue(pairs.rank(merged, id[after]!), position);
    }
    const before = this.#previous[position]!;
    if (before !== -1) this.#queue(pairs.rank(id[before]!, merged), before);
  }

  #link(pairs: PairTable): void {
    const { id, next } = this;
    this.#queued = 0;
    this.pushed = 0;
    for (let i = 0; i < this.length; i++) {
      this.#previous[i] = i - 1;
      next[i] = i + 1 < this.length ? i + 1 : -1;
      if (i + 1 < this.length) this.#queue(pairs.rank(id[i]!, id[i + 1]!), i);
    }
  }

  #queue(rank: number, position: number): void {
    if (rank < 0) return;
    this.pushed++;
    this.#queueKey(rank * POSITION + position);
  }

  #queueKey(key: number): void {
    if (this.#queued === this.#heap.length)
      this.#heap = copied(Float64Array, this.#heap, this.#queued * 2);
    const heap = this.#heap;
    let slot = this.#queued++;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (heap[parent]! <= key) break;
      heap[slot] = heap[parent]!;
      slot = parent;
    }
    heap[slot] = key;
  }

  #pop(): number {
    const heap = this.#heap;
    const top = heap[0]!;
    const key = heap[--this.#queued]!;
    const count = this.#queued;
    let slot = 0;
    for (let child = 1; child < count; child = slot * 2 + 1) {
      if (child + 1 < count && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= key) break;
      heap[slot] = heap[child]!;
      slot = child;
    }
    heap[slot] = key;
    return top;
  }

  #resize(size: number, kept: number): void {
    this.id = copied(Int32Array, this.id.subarray(0, kept), size);
    this.from = copied(Int32Array, this.from.subarray(0, kept), size);
    this.to = copied(Int32Array, this.to.subarray(0, kept), size);
    this.next = new Int32Array(size);
    this.#previous = new Int32Array(size);
    if (size < this.#heap.length) this.#heap = new Float64Array(size);
  }
}

function copied<A extends Int32Array | Float64Array>(
  make: new (size: number) => A,
  from: A,
  size: number,
): A {
  const into = new make(size);
  into.set(from);
  return into;
}
