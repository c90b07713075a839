/**
 * Sequences of tokens whose neighbors are merged, with the places of every pair kept up to date.
 *
 * Shapes   all sequences one behind the other: symbol [T] is -1 for a token that was merged into the one before it; next and
 *          previous [T] are -1 at the ends of a sequence
 * Cost     O(log T) for each neighborhood that a merge makes or ends
 */
import { Heap } from "../heap.js";
import type { MergeBoundary } from "./dynamic-boundaries.js";

interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Where it stands, the first one first; also where it no longer does. */
  readonly places: Heap<number>;
}

/** What was true of a pair when it was queued. */
interface Entry {
  readonly pair: Pair;
  readonly count: number;
  readonly first: number;
}

/** Tokens and merged tokens: a pair of them is an exact number. */
const SYMBOL_LIMIT = 2 ** 26;

export class PairPlaces {
  readonly #boundary: MergeBoundary;
  readonly #numbers = new Map<string, number>();
  readonly #tokens: string[] = [];
  readonly #symbol: number[] = [];
  readonly #next: number[] = [];
  readonly #previous: number[] = [];
  readonly #starts: number[] = [];
  /** null: may not be merged. */
  readonly #pairs = new Map<number, Pair | null>();
  readonly #queue = new Heap<Entry>(
    (a, b) => a.count > b.count || (a.count === b.count && a.first < b.first),
  );
  /** Pairs that a merge has made more frequent. */
  readonly #risen = new Set<Pair>();

  constructor(boundary: MergeBoundary) {
    this.#boundary = boundary;
  }

  addSequence(tokens: readonly string[]): void {
    const start = this.#symbol.length;
    this.#starts.push(start);
    for (const [i, token] of tokens.entries()) {
      this.#symbol.push(this.#numberOf(token));
      this.#previous.push(i === 0 ? -1 : start + i - 1);
      this.#next.push(i + 1 === tokens.length ? -1 : start + i + 1);
    }
    for (let i = 0; i + 1 < tokens.length; i++) this.#meet(start + i);
  }

  /** The merge of the pair that occurs most often, of such the first; null where none may be merged. */
  mergeMostFrequent(): readonly [left: string, right: string] | null {
    this.#queueRisen();
    for (let entry = this.#queue.pop(); entry !== undefined; entry = this.#queue.pop()) {
      const { pair, count, first } = entry;
      if (pair.count === 0) continue;
      const current = this.#entryOf(pair);
      if (current.count === count && current.first === first) return this.#merge(pair);
      this.#queue.push(current);
    }
    return null;
  }

  sequences(): string[][] {
    return this.#starts.map((start, i) => {
      const tokens: string[] = [];
      const end = this.#starts[i + 1] ?? this.#symbol.length;
      for (let at = start === end ? -1 : start; at >= 0; at = this.#next[at]!)
        tokens.push(this.#tokens[this.#symbol[at]!]!);
      return tokens;
    });
  }

  #merge(pair: Pair): readonly [string, string] {
    const names = [this.#tokens[pair.left]!, this.#tokens[pair.right]!] as const;
    const merged = this.#numberOf(names[0] + names[1]);
    const places: number[] = [];
    for (let at = pair.places.pop(); at !== undefined; at = pair.places.pop()) places.push(at);
    for (const at of places) if (this.#stands(pair, at)) this.#mergeAt(at, merged);
    return names;
  }

  #mergeAt(at: number, merged: number): void {
    const before = this.#previous[at]!;
    const right = this.#next[at]!;
    const after = this.#next[right]!;
    if (before >= 0) this.#part(before);
    this.#part(at);
    if (after >= 0) this.#part(right);
    this.#symbol[at] = merged;
    this.#symbol[right] = -1;
    this.#next[at] = after;
    if (after >= 0) this.#previous[after] = at;
    if (before >= 0) this.#meet(before);
    if (after >= 0) this.#meet(at);
  }

  /** The token at `at` and the next one have become neighbors. */
  #meet(at: number): void {
    const pair = this.#pairAt(at);
    if (pair === null) return;
    pair.count++;
    pair.places.push(at);
    this.#risen.add(pair);
  }

  /** They are neighbors no longer, or will not be. */
  #part(at: number): void {
    const pair = this.#pairAt(at);
    if (pair !== null) pair.count--;
  }

  #pairAt(at: number): Pair | null {
    const left = this.#symbol[at]!;
    const right = this.#symbol[this.#next[at]!]!;
    const key = left * SYMBOL_LIMIT + right;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      const isAllowed = this.#boundary(this.#tokens[left]!, this.#tokens[right]!);
      pair = isAllowed ? { left, right, count: 0, places: new Heap((a, b) => a < b) } : null;
      this.#pairs.set(key, pair);
    }
    return pair;
  }

  /** An entry that says too much is put right when it comes up; one that says too little would be overlooked. */
  #queueRisen(): void {
    for (const pair of this.#risen) if (pair.count > 0) this.#queue.push(this.#entryOf(pair));
    this.#risen.clear();
  }

  #entryOf(pair: Pair): Entry {
    while (!this.#stands(pair, pair.places.peek()!)) pair.places.pop();
    return { pair, count: pair.count, first: pair.places.peek()! };
  }

  #stands({ left, right }: Pair, at: number): boolean {
    return this.#symbol[at] === left && this.#symbol[this.#next[at]!] === right;
  }

  #numberOf(token: string): number {
    let number = this.#numbers.get(token);
    if (number === undefined) {
      number = this.#tokens.push(token) - 1;
      this.#numbers.set(token, number);
    }
    return number;
  }
}
