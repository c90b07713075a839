/**
 * Tells from which two parts merging makes each token, and which tokens may stand side by side.
 *
 * Paper    after van Antwerpen and Neubeck, "So many tokens, so little time" (github/rust-gems, crate bpe)
 * Shapes   left, right [V] i32: the parts, -1 for a byte and for a token that merging never makes; order [V] i32: the rank
 *          of that merge, -1 for a byte
 * Cost     O(merges) look-ups, a few for each; 13 bytes a token
 * Differs  of several pairs with one product at most one ever merges, and a pair that does not merge when alone never
 *          does. `isOrdered` is false where a token is made after a merge that needs it has had its turn: what is said here
 *          then does not hold
 */
import type { PairTable } from "../models/pair-table.js";

export class MergeTree {
  readonly isOrdered: boolean;
  readonly #pairs: PairTable;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #order: Int32Array;
  readonly #made: Uint8Array;

  /** `byteIds`: the tokens that a text is before the first merge; `size`: ids are below. */
  constructor(pairs: PairTable, byteIds: Int32Array, size: number) {
    this.#pairs = pairs;
    this.#left = new Int32Array(size).fill(-1);
    this.#right = new Int32Array(size).fill(-1);
    this.#order = new Int32Array(size).fill(-1);
    this.#made = new Uint8Array(size);
    for (const id of byteIds) this.#made[id] = 1;
    const { product } = pairs;
    const parts = new Int32Array(product.length * 2).fill(-1);
    pairs.each((left, right, rank) => {
      parts[rank * 2] = left;
      parts[rank * 2 + 1] = right;
    });
    for (let rank = 0; rank < product.length; rank++) {
      const id = product[rank]!;
      const left = parts[rank * 2]!;
      const right = parts[rank * 2 + 1]!;
      if (left < 0 || this.#made[id] === 1) continue;
      if (!this.#made[left] || !this.#made[right] || !this.#staysApart(left, right, rank)) continue;
      this.#left[id] = left;
      this.#right[id] = right;
      this.#order[id] = rank;
      this.#made[id] = 1;
    }
    let isOrdered = true;
    for (let rank = 0; rank < product.length; rank++) {
      const left = parts[rank * 2]!;
      if (left < 0) continue;
      isOrdered &&= Math.max(this.#order[left]!, this.#order[parts[rank * 2 + 1]!]!) < rank;
    }
    this.isOrdered = isOrdered;
  }

  /** Whether the bytes of the token, alone, are encoded as it. */
  isMade(id: number): boolean {
    return this.#made[id] === 1;
  }

  /** Whether the bytes of both tokens, which are made, are encoded as these two. */
  areApart(left: number, right: number): boolean {
    return this.#staysApart(left, right, this.#pairs.product.length);
  }

  /** Whether nothing merges across the border of the two before `limit`: takes the later made of the two apart, again and again. */
  #staysApart(first: number, second: number, most: number): boolean {
    let left = first;
    let right = second;
    for (let limit = most; ; ) {
      const rank = this.#pairs.rank(left, right);
      if (rank >= 0 && rank < limit) return false;
      const before = this.#order[left]!;
      const after = this.#order[right]!;
      if (before < 0 && after < 0) return true;
      if (before > after) {
        limit = before;
        left = this.#right[left]!;
      } else {
        // Of equal ranks the one further left merges first, and that is the one across the border.
        limit = after + 1;
        right = this.#left[right]!;
      }
    }
  }
}
