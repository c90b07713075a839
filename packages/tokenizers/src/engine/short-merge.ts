/**
 * Merges the bytes of short words.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   id, rank [LIMIT + 1] i32: the symbols that are left and the rank of each with the next
 * Cost     O(n^2) for n bytes, with a small factor: a scan for the least rank a merge
 * State    scratch of fixed size
 */
import type { PairTable } from "../models/pair-table.js";

/** Bytes of the longest word merged so. */
export const SHORT = 64;
const NEVER = 0x7fffffff;

export class ShortMerge {
  readonly #pairs: PairTable;
  /** Rank of each pair of bytes, [256 * 256] i32. */
  readonly #bytePairs = new Int32Array(0x10000);
  readonly #byteIds: Int32Array;
  readonly #rank = new Int32Array(SHORT + 1);
  /** The symbols: after `merge` the first `count` of them are the ids. */
  readonly id = new Int32Array(SHORT + 1);

  constructor(pairs: PairTable, byteIds: Int32Array) {
    this.#pairs = pairs;
    this.#byteIds = byteIds;
    for (let left = 0; left < 256; left++)
      for (let right = 0; right < 256; right++)
        this.#bytePairs[left * 256 + right] = this.#rankOf(byteIds[left]!, byteIds[right]!);
  }

  /** Merges `bytes[start, start + length)`; returns how many ids are left. */
  merge(bytes: Uint8Array, start: number, length: number): number {
    const { id } = this;
    const rank = this.#rank;
    const product = this.#pairs.product;
    for (let i = 0; i < length; i++) id[i] = this.#byteIds[bytes[start + i]!]!;
    for (let i = 0; i + 1 < length; i++)
      rank[i] = this.#bytePairs[bytes[start + i]! * 256 + bytes[start + i + 1]!]!;
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
    const rank = this.#pairs.rank(left, right);
    return rank < 0 ? NEVER : rank;
  }
}
