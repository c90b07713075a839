/**
 * Looks up the merge of two neighboring ids.
 *
 * Shapes   open addressing over 2^k slots, at most half full: left, right, rank [slots, 3] i32; `product[rank]` is the new id
 * Cost     12 bytes a slot, no allocation on look-up
 * State    a table made of lists keeps them until the first look-up
 */
export class PairTable {
  #mask = 0;
  #slots: Int32Array | undefined;
  #lists: { readonly left: Int32Array; readonly right: Int32Array } | undefined;
  readonly product: Int32Array;
  /** Pairs, a pair that occurs twice counted once. */
  count = 0;

  constructor(mergeCount: number, product: Int32Array = new Int32Array(mergeCount)) {
    this.product = product;
  }

  /** Of merges in the order of their ranks; a pair that occurs again takes the later rank. */
  static of(left: Int32Array, right: Int32Array, product: Int32Array): PairTable {
    const pairs = new PairTable(product.length, product);
    const count = distinct(left, right, product);
    if (count >= 0) {
      pairs.count = count;
      pairs.#lists = { left, right };
    } else for (let i = 0; i < product.length; i++) pairs.set(left[i]!, right[i]!, i, product[i]!);
    return pairs;
  }

  /** A pair that occurs again takes the later rank, as in Hugging Face tokenizers. */
  set(left: number, right: number, rank: number, product: number): void {
    const slots = this.#slots ?? this.#index();
    let slot = hash(left, right) & this.#mask;
    while (slots[slot * 3] !== -1 && !(slots[slot * 3] === left && slots[slot * 3 + 1] === right))
      slot = (slot + 1) & this.#mask;
    if (slots[slot * 3] === -1) this.count++;
    slots[slot * 3] = left;
    slots[slot * 3 + 1] = right;
    slots[slot * 3 + 2] = rank;
    this.product[rank] = product;
  }

  #index(): Int32Array {
    let size = 16;
    while (size < this.product.length * 2) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int32Array(size * 3).fill(-1);
    const lists = this.#lists;
    if (lists !== undefined) {
      this.#lists = undefined;
      this.count = 0;
      for (let rank = 0; rank < lists.left.length; rank++)
        if (lists.left[rank] !== -1)
          this.set(lists.left[rank]!, lists.right[rank]!, rank, this.product[rank]!);
    }
    return this.#slots;
  }

  /** Calls `visit` for every pair. */
  each(visit: (left: number, right: number, rank: number) => void): void {
    const lists = this.#lists;
    if (lists !== undefined) {
      for (let rank = 0; rank < lists.left.length; rank++)
        if (lists.left[rank] !== -1) visit(lists.left[rank]!, lists.right[rank]!, rank);
      return;
    }
    const slots = this.#slots ?? this.#index();
    for (let i = 0; i < slots.length; i += 3)
      if (slots[i] !== -1) visit(slots[i]!, slots[i + 1]!, slots[i + 2]!);
  }

  /** The rank of the pair, -1 where it does not merge. */
  rank(left: number, right: number): number {
    const slots = this.#slots ?? this.#index();
    let slot = hash(left, right) & this.#mask;
    for (;;) {
      const found = slots[slot * 3]!;
      if (found === left && slots[slot * 3 + 1] === right) return slots[slot * 3 + 2]!;
      if (found === -1) return -1;
      slot = (slot + 1) & this.#mask;
    }
  }
}

/**
 * Counts the pairs where merges are in the order of their products: a pair makes one token, so the same one may only stand
 * among its neighbors. The earlier one is taken out (left -1). -1 where they are in another order.
 */
function distinct(left: Int32Array, right: Int32Array, product: Int32Array): number {
  let count = 0;
  // Places of the different pairs of the last product: a token has no more of them than places to split it.
  const kept: number[] = [];
  let keptCount = 0;
  let last = -1;
  for (let i = 0; i < product.length; i++) {
    const made = product[i]!;
    if (made < last) return -1;
    if (made !== last) keptCount = 0;
    last = made;
    let twin = 0;
    while (twin < keptCount && (left[kept[twin]!] !== left[i] || right[kept[twin]!] !== right[i]))
      twin++;
    if (twin === keptCount) {
      keptCount++;
      count++;
    } else left[kept[twin]!] = -1;
    kept[twin] = i;
  }
  return count;
}

/** Mixes both halves well: ids are dense small numbers, and a file chooses them. */
export function hash(left: number, right: number): number {
  let h = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + 0x7f4a7c15, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}
