/**
 * Looks up the merge of two neighboring ids.
 *
 * Shapes   open addressing over 2^k slots, at most half full: left, right, rank [slots, 3] i32; `product[rank]` is the new id
 * Cost     12 bytes a slot, no allocation on look-up
 */
export class PairTable {
  readonly #mask: number;
  readonly #slots: Int32Array;
  readonly product: Int32Array;
  /** Pairs, a pair that occurs twice counted once. */
  count = 0;

  constructor(mergeCount: number) {
    let size = 16;
    while (size < mergeCount * 2) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size * 3).fill(-1);
    this.product = new Int32Array(mergeCount);
  }

  /** A pair that occurs again takes the later rank, as in Hugging Face tokenizers. */
  set(left: number, right: number, rank: number, product: number): void {
    const slots = this.#slots;
    let slot = hash(left, right) & this.#mask;
    while (slots[slot * 3] !== -1 && !(slots[slot * 3] === left && slots[slot * 3 + 1] === right))
      slot = (slot + 1) & this.#mask;
    if (slots[slot * 3] === -1) this.count++;
    slots[slot * 3] = left;
    slots[slot * 3 + 1] = right;
    slots[slot * 3 + 2] = rank;
    this.product[rank] = product;
  }

  /** Calls `visit` for every pair. */
  each(visit: (left: number, right: number, rank: number) => void): void {
    const slots = this.#slots;
    for (let i = 0; i < slots.length; i += 3)
      if (slots[i] !== -1) visit(slots[i]!, slots[i + 1]!, slots[i + 2]!);
  }

  /** The rank of the pair, -1 where it does not merge. */
  rank(left: number, right: number): number {
    const slots = this.#slots;
    let slot = hash(left, right) & this.#mask;
    for (;;) {
      const found = slots[slot * 3]!;
      if (found === left && slots[slot * 3 + 1] === right) return slots[slot * 3 + 2]!;
      if (found === -1) return -1;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/** Mixes both halves well: ids are dense small numbers, and a file chooses them. */
export function hash(left: number, right: number): number {
  let h = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 0x7f4a7c15, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}
