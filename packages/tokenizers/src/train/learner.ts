/**
 * One corpus among several that are merged alike: knows its most frequent pair, and joins whatever pair it is told to.
 *
 * Cost     joining a pair costs the places where it stood
 */
import { MergeQueue, type Ties } from "./merge-queue.js";
import { countPairs, type MergeAt, merger } from "./merges.js";
import type { Pace } from "./pace.js";
import { PairCounts } from "./pair-counts.js";
import type { TokenChain } from "./token-chain.js";

export interface BestPair {
  readonly left: number;
  readonly right: number;
  readonly count: number;
}

export class Learner {
  readonly pairs = new PairCounts();
  readonly #chain: TokenChain;
  readonly #queue: MergeQueue;
  readonly #merge: MergeAt;
  /** Tokens of the corpus, each word as often as it occurs. */
  length = 0;

  constructor(chain: TokenChain, ties: Ties) {
    this.#chain = chain;
    this.#queue = new MergeQueue(this.pairs, chain, ties);
    this.#merge = merger(chain, this.pairs, this.#queue, Infinity);
  }

  /** To be called once, before all else. */
  async count(pace: Pace): Promise<void> {
    const { weights, wordOf } = this.#chain;
    for (const place of this.#chain.places()) this.length += weights[wordOf[place]!]!;
    await countPairs(this.#chain, this.pairs, this.#queue, pace);
  }

  /** The most frequent pair; null where there is none. */
  best(): BestPair | null {
    const entry = this.#queue.peek();
    if (entry === -1) return null;
    const pair = this.#queue.pairOf(entry);
    const count = this.#queue.countOf(entry);
    return { left: this.pairs.lefts[pair]!, right: this.pairs.rights[pair]!, count };
  }

  /** Joins the pair wherever it stands; gives the number of places that were looked at. `onJoin`: told where it stood. */
  join(left: number, right: number, product: number, onJoin?: (place: number) => void): number {
    const pair = this.pairs.find(left, right);
    if (pair === -1) return 0;
    const places = this.#queue.placesOfPair(pair);
    for (const place of places) {
      const weight = this.#merge(place, pair, product);
      this.length -= weight;
      if (weight > 0) onJoin?.(place);
    }
    this.pairs.counts[pair] = 0;
    this.#queue.queue();
    return places.length;
  }

  /** Puts parts in place of a token where it still stands. `onPart`: told where each part stands now. */
  part(
    token: number,
    places: readonly number[],
    parts: readonly number[],
    spanOf: (id: number) => number,
    onPart: (id: number, place: number) => void,
  ): void {
    for (const place of places) {
      if (this.#chain.ids[place] !== token) continue;
      this.#partAt(place, parts, spanOf);
      let at = place;
      for (const id of parts) {
        onPart(id, at);
        at += spanOf(id);
      }
    }
    this.#queue.queue();
  }

  #partAt(at: number, parts: readonly number[], spanOf: (id: number) => number): void {
    const chain = this.#chain;
    const weight = chain.weights[chain.wordOf[at]!]!;
    const before = chain.previous(at);
    const after = chain.next(at);
    const start = before === -1 ? at : before;
    this.#countFrom(start, after, -weight);
    chain.split(at, parts, spanOf);
    this.#countFrom(start, after, weight);
    this.length += weight * (parts.length - 1);
  }

  /** Counts the pairs from a place up to another one or the end of the word. */
  #countFrom(start: number, end: number, weight: number): void {
    const { ids } = this.#chain;
    for (let at = start; at !== end; ) {
      const next = this.#chain.next(at);
      if (next === -1) return;
      const pair = this.pairs.pair(ids[at]!, ids[next]!);
      this.pairs.counts[pair]! += weight;
      if (weight > 0) this.#queue.note(pair, at);
      at = next;
    }
  }
}
