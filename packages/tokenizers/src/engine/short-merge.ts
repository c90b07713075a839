/**
 * Merges the bytes of short words.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   id, rank [LIMIT + 1] i32: the symbols that are left and the rank of each with the next
 * Cost     O(n^2) for n bytes, with a small factor: a scan for the least rank a merge. Most pairs that do not merge are
 *          told by a filter of about ten bits a pair, which stays in the second-level cache where the table does not
 * State    scratch of fixed size
 */
import type { PairTable } from "../models/pair-table.js";

/** Bytes of the longest word merged so. */
export const SHORT = 64;
const NEVER = 0x7fffffff;
const LEAST_BITS = 10;
const MOST_BITS = 21;

export class ShortMerge {
  readonly #pairs: PairTable;
  /** Rank of each pair of bytes, [256 * 256] i32. */
  readonly #bytePairs = new Int32Array(0x10000);
  readonly #byteIds: Int32Array;
  readonly #rank = new Int32Array(SHORT + 1);
  readonly #filter: Int32Array;
  readonly #shift: number;
  /** The symbols: after `merge` the first `count` of them are the ids. */
  readonly id = new Int32Array(SHORT + 1);

  constructor(pairs: PairTable, byteIds: Int32Array) {
    this.#pairs = pairs;
    this.#byteIds = byteIds;
    let bits = LEAST_BITS;
    while (bits < MOST_BITS && 1 << bits < pairs.product.length * 10) bits++;
    this.#shift = 32 - bits;
    this.#filter = new Int32Array(1 << (bits - 5));
    pairs.each((left, right) => this.know(left, right));
    for (let left = 0; left < 256; left++)
      for (let right = 0; right < 256; right++)
        this.#bytePairs[left * 256 + right] = this.#rankOf(byteIds[left]!, byteIds[right]!);
  }

  /** Tells of a pair that was set after this was made; not one of two bytes. */
  know(left: number, right: number): void {
    const bit = hashOf(left, right) >>> this.#shift;
    this.#filter[bit >> 5]! |= 1 << (bit & 31);
  }

  /** Merges `bytes[start, start + length)`; returns how many ids are left. */
  merge(bytes: Uint8Array, start: number, length: number): number {
    const { id } = this;
    const rank = this.#rank;
    const byteIds = this.#byteIds;
    const bytePairs = this.#bytePairs;
    const product = this.#pairs.product;
    let left = bytes[start]!;
    id[0] = byteIds[left]!;
    for (let i = 1; i < length; i++) {
      const right = bytes[start + i]!;
      id[i] = byteIds[right]!;
      rank[i - 1] = bytePairs[left * 256 + right]!;
      left = right;
    }
    let count = length;
    while (count > 1) {
      let least = NEVER;
      let at = 0;
      for (let i = 0; i < count - 1; i++) {
        if (rank[i]! >= least) continue;
        least = rank[i]!;
        at = i;
      }
      if (least === NEVER) break;
      id[at] = product[least]!;
      count--;
      for (let i = at + 1; i < count; i++) {
        id[i] = id[i + 1]!;
        rank[i] = rank[i + 1]!;
      }
      if (at + 1 < count) rank[at] = this.#rankOf(id[at]!, id[at + 1]!);
      if (at > 0) rank[at - 1] = this.#rankOf(id[at - 1]!, id[at]!);
    }
    return count;
  }

  #rankOf(left: number, right: number): number {
    const bit = hashOf(left, right) >>> this.#shift;
    if (((this.#filter[bit >> 5]! >> (bit & 31)) & 1) === 0) return NEVER;
    const rank = this.#pairs.rank(left, right);
    return rank < 0 ? NEVER : rank;
  }
}

const hashOf = (left: number, right: number): number =>
  Math.imul(Math.imul(left, 0x9e3779b1) + right, 0x85ebca6b);
