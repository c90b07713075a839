/**
 * Pairs of neighboring tokens that may become a piece, the most frequent first, with the places where each stands.
 *
 * Shapes   a pair is its number in PairCounts; its places are a linked list of places of the chain
 * Cost     8 bytes a place beside those of PairCounts, and the text of each pair
 * Differs  of equally frequent pairs the shorter one comes first, then the smaller text; a pair is only ever queued once
 */
import { byCodePoint } from "../text/code-points.js";
import { grown } from "./growing.js";
import { NumberHeap } from "./number-heap.js";
import type { Pace } from "./pace.js";
import { PairCounts } from "./pair-counts.js";
import type { TokenChain } from "./token-chain.js";
import type { Vocabulary } from "./vocabulary.js";

type IsPiece = (codes: ArrayLike<number>, start: number, end: number) => boolean;

export class CandidatePairs {
  readonly #chain: TokenChain;
  readonly #tokens: Vocabulary;
  readonly #isPiece: IsPiece;
  readonly #pairs = new PairCounts();
  readonly #heap: NumberHeap;
  readonly #texts: string[] = [];
  readonly #lengths: number[] = [];
  /** The count that each pair was queued with. */
  #queued = new Float64Array(1024);
  /** The last place of each pair, and for each place the one noted before it; -1: none. */
  #last = new Int32Array(1024);
  #earlier = new Int32Array(1024);
  #places = new Int32Array(1024);
  #noted = 0;
  /** Pairs from here on are not queued yet. */
  #fresh = 0;

  constructor(chain: TokenChain, tokens: Vocabulary, isPiece: IsPiece) {
    this.#chain = chain;
    this.#tokens = tokens;
    this.#isPiece = isPiece;
    this.#heap = new NumberHeap((a, b) => {
      const count = this.#queued[a]! - this.#queued[b]!;
      if (count !== 0) return count > 0;
      const length = this.#lengths[a]! - this.#lengths[b]!;
      if (length !== 0) return length < 0;
      return byCodePoint(this.#texts[a]!, this.#texts[b]!) < 0;
    });
  }

  textOf(pair: number): string {
    return this.#texts[pair]!;
  }

  async countAll(pace: Pace): Promise<void> {
    const { ids, spans, wordOf, weights, length } = this.#chain;
    for (let at = 0; at < length; ) {
      const next = at + spans[at]!;
      if (next < length && wordOf[next] === wordOf[at])
        this.#add(ids[at]!, ids[next]!, at, weights[wordOf[at]!]!);
      at = next;
      if (pace.spend(8)) await pace.rest("counting pairs", at, length);
    }
    this.#queue();
  }

  /** Takes out the pair that occurs most often; -1 where there is none. */
  pop(): number {
    for (;;) {
      const pair = this.#heap.pop();
      if (pair === -1 || this.#pairs.counts[pair] === this.#queued[pair]) return pair;
      this.#queued[pair] = this.#pairs.counts[pair]!;
      this.#heap.push(pair);
    }
  }

  /** Joins the pair wherever it stands, and gives how many places were looked at. */
  mergeAll(pair: number, product: number): number {
    const found: number[] = [];
    for (let note = this.#last[pair]!; note !== -1; note = this.#earlier[note]!)
      found.push(this.#places[note]!);
    const left = this.#pairs.lefts[pair]!;
    const right = this.#pairs.rights[pair]!;
    const places = Int32Array.from(found).sort();
    for (const place of places)
      if (this.#chain.holds(place, left, right)) this.#join(place, product);
    this.#queue();
    return places.length;
  }

  #join(at: number, product: number): void {
    const chain = this.#chain;
    const { ids, wordOf, weights } = chain;
    const weight = weights[wordOf[at]!]!;
    const [left, second] = [ids[at]!, chain.next(at)];
    const right = ids[second]!;
    const before = chain.previous(at);
    const after = chain.next(second);
    chain.merge(at, second, product);
    if (before !== -1) {
      this.#pairs.counts[this.#pairs.pair(ids[before]!, left)]! -= weight;
      this.#add(ids[before]!, product, before, weight);
    }
    if (after !== -1) {
      this.#pairs.counts[this.#pairs.pair(right, ids[after]!)]! -= weight;
      this.#add(product, ids[after]!, at, weight);
    }
  }

  #add(left: number, right: number, place: number, weight: number): void {
    const pairs = this.#pairs;
    const known = pairs.length;
    const pair = pairs.pair(left, right);
    if (pair === known) {
      this.#last = grown(this.#last, pairs.length);
      this.#queued = grown(this.#queued, pairs.length);
      this.#last[pair] = -1;
      this.#texts.push(this.#tokens.tokens[left]! + this.#tokens.tokens[right]!);
      this.#lengths.push(0);
    }
    pairs.counts[pair]! += weight;
    const note = this.#noted++;
    this.#earlier = grown(this.#earlier, this.#noted);
    this.#places = grown(this.#places, this.#noted);
    this.#earlier[note] = this.#last[pair]!;
    this.#places[note] = place;
    this.#last[pair] = note;
  }

  /** Queues the pairs that are new and may be a piece. */
  #queue(): void {
    for (; this.#fresh < this.#pairs.length; this.#fresh++) {
      const pair = this.#fresh;
      const codes = Array.from(this.#texts[pair]!, (character) => character.codePointAt(0)!);
      if (!this.#isPiece(codes, 0, codes.length)) continue;
      this.#lengths[pair] = codes.length;
      this.#queued[pair] = this.#pairs.counts[pair]!;
      this.#heap.push(pair);
    }
  }
}
