/**
 * The pairs of neighboring tokens, most frequent first, with the places where each stands.
 *
 * Shapes   an entry is a pair, the count that it was queued with, and places [n] i32 of a shared list
 * Cost     24 bytes an entry, 4 a place; O(log entries) a push or a pop
 * State    `before` must not read what changes, but for counts and places, which this file looks after
 * Differs  as in Hugging Face trainers an entry that is out of date is put right when its turn comes; a pair that arises anew
 *          gets a further entry; the count of a pair that was merged is not set back
 */
import { grown } from "./growing.js";
import { NumberHeap } from "./number-heap.js";
import type { PairCounts } from "./pair-counts.js";
import type { TokenChain } from "./token-chain.js";

/** Whether pair `p` goes before pair `q`, which is as frequent; `a` and `b` are their entries. */
type TieBreaker = (p: number, q: number, a: number, b: number) => boolean;

/** Which of two pairs that are equally frequent goes first: the smaller ids, the one that stands first, or as told. */
export type Ties = "ids" | "places" | ((p: number, q: number) => boolean);

export class MergeQueue {
  readonly #pairs: PairCounts;
  readonly #chain: TokenChain;
  readonly #heap: NumberHeap;
  readonly #byPlace: boolean;
  #pairOf = new Int32Array(1024);
  #countOf = new Float64Array(1024);
  #from = new Int32Array(1024);
  #to = new Int32Array(1024);
  /** The entry of the same pair that was queued before it, -1: none. */
  #older = new Int32Array(1024);
  #entries = 0;
  #places = new Int32Array(1024);
  #placed = 0;
  /** The newest entry of each pair that still waits, -1: none. */
  #newest = new Int32Array(1024).fill(-1);
  /** Pairs that arose, with their places, not yet queued. */
  #eventPairs = new Int32Array(1024);
  #eventPlaces = new Int32Array(1024);
  #events = 0;
  /** The entry that each pair of `#eventPairs` gets; only while they are queued. */
  #opened = new Int32Array(1024).fill(-1);

  constructor(pairs: PairCounts, chain: TokenChain, ties: Ties) {
    this.#pairs = pairs;
    this.#chain = chain;
    this.#byPlace = ties === "places";
    const before = ties === "places" ? this.#firstPlace : ties === "ids" ? this.#smallerIds : ties;
    this.#heap = new NumberHeap((a, b) => {
      const difference = this.#countOf[a]! - this.#countOf[b]!;
      if (difference !== 0) return difference > 0;
      return before(this.#pairOf[a]!, this.#pairOf[b]!, a, b);
    });
  }

  readonly #smallerIds: TieBreaker = (p, q) => {
    const { lefts, rights } = this.#pairs;
    return lefts[p] === lefts[q] ? rights[p]! < rights[q]! : lefts[p]! < lefts[q]!;
  };

  readonly #firstPlace: TieBreaker = (_p, _q, a, b) =>
    this.#places[this.#from[a]!]! < this.#places[this.#from[b]!]!;

  /** Notes that the pair arose at the place; `queue` will queue it. */
  note(pair: number, place: number): void {
    this.#eventPairs = grown(this.#eventPairs, this.#events + 1);
    this.#eventPlaces = grown(this.#eventPlaces, this.#events + 1);
    this.#eventPairs[this.#events] = pair;
    this.#eventPlaces[this.#events++] = place;
  }

  /** Makes an entry of all places of each pair that was noted. */
  queue(): void {
    const { counts, length } = this.#pairs;
    this.#newest = grownWith(this.#newest, length);
    this.#opened = grownWith(this.#opened, length);
    const first = this.#entries;
    for (let event = 0; event < this.#events; event++) {
      const pair = this.#eventPairs[event]!;
      if (this.#opened[pair] === -1) this.#open(pair, counts[pair]!);
      this.#to[this.#opened[pair]!]!++;
    }
    this.#places = grown(this.#places, this.#placed + this.#events);
    for (let entry = first; entry < this.#entries; entry++) {
      const count = this.#to[entry]!;
      this.#from[entry] = this.#placed;
      this.#to[entry] = this.#placed;
      this.#placed += count;
    }
    for (let event = 0; event < this.#events; event++) {
      const entry = this.#opened[this.#eventPairs[event]!]!;
      this.#places[this.#to[entry]!++] = this.#eventPlaces[event]!;
    }
    for (let entry = first; entry < this.#entries; entry++) this.#push(entry);
    this.#events = 0;
  }

  #open(pair: number, count: number): void {
    const entry = this.#entries++;
    this.#pairOf = grown(this.#pairOf, this.#entries);
    this.#countOf = grown(this.#countOf, this.#entries);
    this.#from = grown(this.#from, this.#entries);
    this.#to = grown(this.#to, this.#entries);
    this.#older = grown(this.#older, this.#entries);
    this.#pairOf[entry] = pair;
    this.#countOf[entry] = count;
    this.#to[entry] = 0;
    this.#opened[pair] = entry;
  }

  #push(entry: number): void {
    const pair = this.#pairOf[entry]!;
    this.#opened[pair] = -1;
    if (this.#countOf[entry]! <= 0) return;
    this.#older[entry] = this.#newest[pair]!;
    this.#newest[pair] = entry;
    this.#heap.push(entry);
  }

  /** Takes out the entry whose turn it is; -1 where there is none. */
  pop(): number {
    const entry = this.peek();
    if (entry === -1) return -1;
    this.#heap.pop();
    this.#unlink(entry);
    return entry;
  }

  /** The entry whose turn it is, brought up to date; -1 where there is none. */
  peek(): number {
    for (;;) {
      const entry = this.#heap.peek();
      if (entry === -1) return -1;
      const count = this.#pairs.counts[this.#pairOf[entry]!]!;
      const first = this.#byPlace && count > 0 ? this.#firstOf(entry) : this.#from[entry]!;
      if (count === this.#countOf[entry] && first === this.#from[entry]) return entry;
      this.#heap.pop();
      this.#countOf[entry] = count;
      this.#from[entry] = first;
      this.#heap.push(entry);
    }
  }

  /** Index of the entry's first place where its pair still stands. */
  #firstOf(entry: number): number {
    const pair = this.#pairOf[entry]!;
    const [left, right] = [this.#pairs.lefts[pair]!, this.#pairs.rights[pair]!];
    const last = this.#to[entry]! - 1;
    let index = this.#from[entry]!;
    while (index < last && !this.#chain.holds(this.#places[index]!, left, right)) index++;
    return index;
  }

  #unlink(entry: number): void {
    const pair = this.#pairOf[entry]!;
    const older = this.#older[entry]!;
    if (this.#newest[pair] === entry) this.#newest[pair] = older;
    else {
      let newer = this.#newest[pair]!;
      while (this.#older[newer] !== entry) newer = this.#older[newer]!;
      this.#older[newer] = older;
    }
  }

  /** Where the pair may stand, ascending within each word: the places of all entries that wait. */
  placesOfPair(pair: number): Int32Array {
    const all: number[] = [];
    const newest = this.#newest[pair] ?? -1;
    for (let entry = newest; entry !== -1; entry = this.#older[entry]!)
      for (let i = this.#from[entry]!; i < this.#to[entry]!; i++) all.push(this.#places[i]!);
    return newest === -1 || this.#older[newest] === -1
      ? Int32Array.from(all)
      : Int32Array.from(all).sort();
  }

  pairOf(entry: number): number {
    return this.#pairOf[entry]!;
  }

  countOf(entry: number): number {
    return this.#countOf[entry]!;
  }

  /** Where the pair may stand, ascending within each word: the entry's places, and in their words those of others too. */
  placesOf(entry: number): Int32Array {
    const places = this.#places.subarray(this.#from[entry], this.#to[entry]);
    let other = this.#newest[this.#pairOf[entry]!]!;
    if (other === -1) return places;
    const { wordOf } = this.#chain;
    const words = new Set<number>();
    for (const place of places) words.add(wordOf[place]!);
    const all = [...places];
    for (; other !== -1; other = this.#older[other]!)
      for (let i = this.#from[other]!; i < this.#to[other]!; i++)
        if (words.has(wordOf[this.#places[i]!]!)) all.push(this.#places[i]!);
    return Int32Array.from(all).sort();
  }
}

function grownWith(from: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const into = grown(from, length);
  if (into !== from) into.fill(-1, from.length);
  return into;
}
