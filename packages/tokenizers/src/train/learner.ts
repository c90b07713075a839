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

  /** Joins the pair wherever it stands; gives the number of places that were looked at. */
  join(left: number, right: number, product: number): number {
    const pair = this.pairs.find(left, right);
    if (pair === -1) return 0;
    const places = this.#queue.placesOfPair(pair);
    for (const place of places) this.length -= this.#merge(place, pair, product);
    this.pairs.counts[pair] = 0;
    this.#queue.queue();
    return places.length;
  }
}
