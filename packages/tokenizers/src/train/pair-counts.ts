/**
 * Counts pairs of neighboring tokens.
 *
 * Shapes   pairs are numbered from 0 in the order in which they are met: lefts, rights [P] i32, counts [P] f64
 * Cost     28 to 40 bytes a pair; a look-up takes about two reads
 * Differs  counts are exact up to 2^53; those of Hugging Face trainers wrap at 2^31
 */
import { hash } from "../models/pair-table.js";
import { grown } from "./growing.js";

export class PairCounts {
  lefts = new Int32Array(1024);
  rights = new Int32Array(1024);
  counts = new Float64Array(1024);
  /** How many pairs have been met. */
  length = 0;
  /** Open addressing: the pair's number, -1 where free; at most half full. */
  #table = new Int32Array(4096).fill(-1);

  /** The number of the pair; a pair that is new begins at count 0. */
  pair(left: number, right: number): number {
    const slot = this.#slot(left, right);
    const found = this.#table[slot]!;
    if (found !== -1) return found;
    const pair = this.length++;
    this.lefts = grown(this.lefts, this.length);
    this.rights = grown(this.rights, this.length);
    this.counts = grown(this.counts, this.length);
    this.lefts[pair] = left;
    this.rights[pair] = right;
    this.#table[slot] = pair;
    if (this.length * 2 > this.#table.length) this.#rehash();
    return pair;
  }

  /** The number of the pair, -1 where it has not been met. */
  find(left: number, right: number): number {
    return this.#table[this.#slot(left, right)]!;
  }

  /** Where the pair stands in the table, or would stand. */
  #slot(left: number, right: number): number {
    const mask = this.#table.length - 1;
    let slot = hash(left, right) & mask;
    for (;;) {
      const found = this.#table[slot]!;
      if (found === -1 || (this.lefts[found] === left && this.rights[found] === right)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2).fill(-1);
    for (let pair = 0; pair < this.length; pair++)
      this.#table[this.#slot(this.lefts[pair]!, this.rights[pair]!)] = pair;
  }
}
