/**
 * Keeps the k best tokens, and those that tie with the k-th.
 *
 * Paper    arXiv:1805.04833; as transformers' TopKLogitsWarper
 * Shapes   logits [V] f32, in place
 * Cost     O(V): three counting passes over parts of the logits' bits; V words of scratch
 */
import type { LogitProcessor } from "./processor.js";

export function topK(count: number): LogitProcessor {
  let selection = new Selection(0);
  return {
    name: "top-k",
    apply(logits) {
      if (count >= logits.length) return;
      if (selection.size !== logits.length) selection = new Selection(logits.length);
      const least = selection.kthLargest(logits, count);
      for (let i = 0; i < logits.length; i++) {
        if ((logits[i] as number) < least) logits[i] = -Infinity;
      }
    },
  };
}

/** Bits of each round, from the top: 32 in all. */
const ROUNDS = [11, 11, 10] as const;
const MOST_DIGITS = 2 ** 11;
const SIGN = 0x80000000;

/** Scratch to find the k-th largest of `size` numbers in linear time, whatever they are. */
export class Selection {
  readonly size: number;
  readonly #words: Uint32Array;
  readonly #counts = new Uint32Array(MOST_DIGITS);
  readonly #word = new Uint32Array(1);
  readonly #number = new Float32Array(this.#word.buffer);

  constructor(size: number) {
    this.size = size;
    this.#words = new Uint32Array(size);
  }

  /** @param values without NaN; k in 1..size */
  kthLargest(values: Float32Array, k: number): number {
    const words = this.#words;
    const counts = this.#counts;
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    // Words that order as the values do: negative ones are turned over, positive ones put above them.
    for (let i = 0; i < words.length; i++) {
      const word = bits[i] as number;
      words[i] = word & SIGN ? ~word : word | SIGN;
    }
    let prefix = 0;
    let known = 0;
    let left = k;
    for (const round of ROUNDS) {
      const shift = 32 - known - round;
      counts.fill(0);
      for (let i = 0; i < words.length; i++) {
        const word = words[i] as number;
        if (known > 0 && word >>> (32 - known) !== prefix) continue;
        const digit = (word >>> shift) & (2 ** round - 1);
        counts[digit] = (counts[digit] as number) + 1;
      }
      let digit = 2 ** round - 1;
      while (left > (counts[digit] as number)) left -= counts[digit--] as number;
      prefix = ((prefix << round) | digit) >>> 0;
      known += round;
    }
    this.#word[0] = prefix & SIGN ? prefix & ~SIGN : ~prefix;
    return this.#number[0] as number;
  }
}
