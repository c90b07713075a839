/**
 * Looks up the merge of two neighboring ids.
 *
 * Shapes   open addressing over 2^k slots, at most three quarters full: left, right, rank i32; `product[rank]` is the new id
 * Cost     12 bytes a slot, no allocation on look-up
 */
export class PairTable {
  readonly #mask: number;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #rank: Int32Array;
  readonly product: Int32Array;

  constructor(mergeCount: number) {
    let size = 16;
    while (size * 3 < mergeCount * 4) size *= 2;
    this.#mask = size - 1;
    this.#left = new Int32Array(size).fill(-1);
    this.#right = new Int32Array(size);
    this.#rank = new Int32Array(size);
    this.product = new Int32Array(mergeCount);
  }

  /** A pair that occurs again takes the later rank, as in Hugging Face tokenizers. */
  set(left: number, right: number, rank: number, product: number): void {
    let slot = hash(left, right) & this.#mask;
    while (this.#left[slot] !== -1 && !(this.#left[slot] === left && this.#right[slot] === right))
      slot = (slot + 1) & this.#mask;
    this.#left[slot] = left;
    this.#right[slot] = right;
    this.#rank[slot] = rank;
    this.product[rank] = product;
  }

  /** The rank of the pair, -1 where it does not merge. */
  rank(left: number, right: number): number {
    let slot = hash(left, right) & this.#mask;
    for (;;) {
      const found = this.#left[slot]!;
      if (found === left && this.#right[slot] === right) return this.#rank[slot]!;
      if (found === -1) return -1;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** Mixes both halves well: ids are dense small numbers, and a file chooses them. */
function hash(left: number, right: number): number {
  let h = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 0x7f4a7c15, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}
