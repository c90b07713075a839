/**
 * The most frequent pair of neighbors, where a run of one token counts as many pairs as can be merged in it.
 *
 * Shapes   a chain of tokens, changed in place; texts of tokens by id
 * Cost     O(log pairs) for each neighborhood that begins or ends; of a pair of one token with itself also its places, where
 *          its turn comes after they have changed
 * Differs  of pairs that are equally frequent the one with the smaller texts goes first
 */
import { Heap } from "../heap.js";
import type { TokenChain } from "./token-chain.js";

interface Pair {
  readonly left: number;
  readonly right: number;
  /** Weighted, also of places that overlap. */
  count: number;
  /** Of those that can be merged; -1 where it is to be taken anew. */
  exact: number;
  /** Where it stands, also where it no longer does. */
  places: number[];
}

interface Entry {
  readonly pair: Pair;
  readonly count: number;
}

const TOKENS = 2 ** 26;

export interface PairRules {
  /** Whether a token may be part of a pair. */
  isOpen(token: number): boolean;
  /** Whether a token may not be made (again). */
  isMade(text: string): boolean;
}

export class CountedPairs {
  readonly #chain: TokenChain;
  readonly #texts: readonly string[];
  readonly #rules: PairRules;
  readonly #pairs = new Map<number, Pair>();
  readonly #queue: Heap<Entry>;
  readonly #changed = new Set<Pair>();

  constructor(chain: TokenChain, texts: readonly string[], rules: PairRules) {
    this.#chain = chain;
    this.#texts = texts;
    this.#rules = rules;
    const before = (a: Pair, b: Pair): boolean =>
      a.left === b.left ? texts[a.right]! < texts[b.right]! : texts[a.left]! < texts[b.left]!;
    this.#queue = new Heap(
      (a, b) => a.count > b.count || (a.count === b.count && before(a.pair, b.pair)),
    );
  }

  /** Counts the token at a place with the next one. */
  meet(at: number): void {
    const next = this.#chain.next(at);
    if (next === -1) return;
    const pair = this.#pairOf(this.#chain.ids[at]!, this.#chain.ids[next]!);
    if (pair === null) return;
    pair.count += this.#weight(at);
    pair.exact = -1;
    pair.places.push(at);
    this.#changed.add(pair);
  }

  /** The pair that can be merged most often; null where there is none. */
  best(): { readonly left: number; readonly right: number; readonly count: number } | null {
    for (const pair of this.#changed)
      if (pair.count > 0) this.#queue.push({ pair, count: pair.count });
    this.#changed.clear();
    for (let entry = this.#queue.peek(); entry !== undefined; entry = this.#queue.peek()) {
      const { pair } = entry;
      const { left, right } = pair;
      const count = this.#exact(pair);
      if (count === entry.count && !this.#rules.isMade(this.#texts[left]! + this.#texts[right]!))
        return { left, right, count };
      this.#queue.pop();
      if (count > 0 && count < entry.count) this.#queue.push({ pair, count });
    }
    return null;
  }

  /** Merges the pair wherever it stands, from the left; gives the weight of the merges. */
  merge(left: number, right: number, product: number, onMerge: (place: number) => void): number {
    const pair = this.#pairs.get(left * TOKENS + right)!;
    const { places } = pair;
    pair.places = [];
    let merged = 0;
    for (const at of ascending(places)) {
      if (!this.#chain.holds(at, left, right)) continue;
      const before = this.#chain.previous(at);
      const second = this.#chain.next(at);
      if (before !== -1) this.#part(before);
      this.#part(at);
      this.#part(second);
      this.#chain.merge(at, second, product);
      if (before !== -1) this.meet(before);
      this.meet(at);
      merged += this.#weight(at);
      onMerge(at);
    }
    return merged;
  }

  /** Puts parts in place of a token where it still stands. */
  split(
    token: number,
    places: readonly number[],
    parts: readonly number[],
    spanOf: (id: number) => number,
    onPart: (id: number, place: number) => void,
  ): void {
    for (const at of places) {
      if (this.#chain.ids[at] !== token) continue;
      const before = this.#chain.previous(at);
      if (before !== -1) this.#part(before);
      this.#part(at);
      this.#chain.split(at, parts, spanOf);
      if (before !== -1) this.meet(before);
      let place = at;
      for (const id of parts) {
        this.meet(place);
        onPart(id, place);
        place += spanOf(id);
      }
    }
  }

  #part(at: number): void {
    const next = this.#chain.next(at);
    if (next === -1) return;
    const pair = this.#pairOf(this.#chain.ids[at]!, this.#chain.ids[next]!);
    if (pair === null) return;
    pair.count -= this.#weight(at);
    pair.exact = -1;
  }

  #exact(pair: Pair): number {
    if (pair.left !== pair.right) return pair.count;
    if (pair.exact >= 0) return pair.exact;
    pair.exact = 0;
    pair.places = ascending(pair.places);
    let end = 0;
    for (const at of pair.places) {
      if (at < end || !this.#chain.holds(at, pair.left, pair.right)) continue;
      const second = this.#chain.next(at);
      end = second + this.#chain.spans[second]!;
      pair.exact += this.#weight(at);
    }
    return pair.exact;
  }

  #weight(at: number): number {
    return this.#chain.weights[this.#chain.wordOf[at]!]!;
  }

  #pairOf(left: number, right: number): Pair | null {
    if (!this.#rules.isOpen(left) || !this.#rules.isOpen(right)) return null;
    const key = left * TOKENS + right;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, exact: -1, places: [] };
      this.#pairs.set(key, pair);
    }
    return pair;
  }
}

/** Each place once. */
const ascending = (places: readonly number[]): number[] =>
  [...new Set(places)].sort((a, b) => a - b);
