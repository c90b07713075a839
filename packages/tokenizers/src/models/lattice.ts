/**
 * Every way to cut a text into tokens: one edge for each token at each place.
 *
 * Paper    Kudo, arXiv:1804.10959
 * Shapes   edges ordered by where they end, of one end the longest first: start, id i32, score f64; the edges that end
 *          behind unit u are `first[u]` up to `first[u + 1]`
 * Cost     O(n + edges) for n units; 16 bytes an edge, 4 a unit
 * State    reused for every text
 */
import type { Automaton } from "./automaton.js";
import type { UnigramParts } from "./unigram.js";

export type EdgeParts = Pick<
  UnigramParts,
  "scores" | "unknown" | "unknownScore" | "singlePrecision"
>;

export class Lattice {
  /** Units. */
  length = 0;
  count = 0;
  start = new Int32Array(1024);
  id = new Int32Array(1024);
  score = new Float64Array(1024);
  first = new Int32Array(256);
  shares = new Float64Array(0);
  #sums = new Float64Array(0);

  clear(): void {
    this.length = 0;
    this.count = 0;
    this.first[0] = 0;
    this.first[1] = 0;
  }

  /** Adds the units `from` up to `to` of a text; no token reaches over what was added before. */
  append(automaton: Automaton, parts: EdgeParts, text: string, from: number, to: number): void {
    const { scores, unknown, unknownScore } = parts;
    const base = this.length - from;
    this.length += to - from;
    if (this.first.length < this.length + 2)
      this.first = grown(Int32Array, this.first, (this.length + 2) * 2);
    let node = 0;
    for (let at = from; at < to; ) {
      node = automaton.step(node, text.charCodeAt(at));
      const next = at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
      if (next - at === 2) {
        this.first[base + next] = this.count;
        node = automaton.step(node, text.charCodeAt(at + 1));
      }
      let single = false;
      let match = automaton.token[node]! >= 0 ? node : automaton.shorter[node]!;
      for (; match >= 0; match = automaton.shorter[match]!) {
        const id = automaton.token[match]!;
        if (scores[id] === Number.NEGATIVE_INFINITY) continue;
        const start = next - automaton.depth[match]!;
        this.#add(base + start, id, scores[id]!);
        single ||= start === at;
      }
      if (!single) this.#add(base + at, unknown, unknownScore);
      this.first[base + next + 1] = this.count;
      at = next;
    }
  }

  #add(start: number, id: number, score: number): void {
    if (this.count === this.id.length) {
      this.start = grown(Int32Array, this.start, this.count * 2);
      this.id = grown(Int32Array, this.id, this.count * 2);
      this.score = grown(Float64Array, this.score, this.count * 2);
    }
    this.start[this.count] = start;
    this.id[this.count] = id;
    this.score[this.count++] = score;
  }

  /** The best score of a path up to each unit, [length + 1]; -Infinity inside a character. */
  best(round: (score: number) => number): Float64Array {
    const best = new Float64Array(this.length + 1).fill(Number.NEGATIVE_INFINITY);
    best[0] = 0;
    for (let end = 1; end <= this.length; end++)
      for (let edge = this.first[end]!; edge < this.first[end + 1]!; edge++)
        best[end] = Math.max(best[end]!, round(best[this.start[edge]!]! + this.score[edge]!));
    return best;
  }

  /**
   * The logarithm of the summed weight of all paths, the scores taken `power` times. Leaves in `shares`, for each edge, how
   * much of the weight of all paths to where it ends comes by it.
   */
  sum(power: number): number {
    const { first, start, score, length } = this;
    if (this.shares.length < this.count) this.shares = new Float64Array(this.score.length);
    if (this.#sums.length <= length) this.#sums = new Float64Array(first.length);
    const { shares } = this;
    const sums = this.#sums;
    sums[0] = 0;
    for (let end = 1; end <= length; end++) {
      const [from, to] = [first[end]!, first[end + 1]!];
      let most = Number.NEGATIVE_INFINITY;
      for (let edge = from; edge < to; edge++) {
        const log = sums[start[edge]!]! + power * score[edge]!;
        shares[edge] = log;
        if (log > most) most = log;
      }
      let total = 0;
      for (let edge = from; edge < to; edge++) {
        shares[edge] = Math.exp(shares[edge]! - most);
        total += shares[edge]!;
      }
      for (let edge = from; edge < to; edge++) shares[edge]! /= total;
      sums[end] = from === to ? most : most + Math.log(total);
    }
    return sums[length]!;
  }

  /** Adds `weight` times the number of times that each id is expected, and gives the log probability of the whole. */
  addExpected(weight: number, expected: Float64Array): number {
    const all = this.sum(1);
    const { first, start, id, shares, length } = this;
    // The share of all paths that go through each unit takes the place of the sums.
    const through = this.#sums.fill(0, 0, length + 1);
    through[length] = weight;
    for (let end = length; end > 0; end--)
      for (let edge = first[end]!; edge < first[end + 1]!; edge++) {
        const share = through[end]! * shares[edge]!;
        through[start[edge]!]! += share;
        if (id[edge]! >= 0) expected[id[edge]!]! += share;
      }
    return all;
  }
}

export function grown<A extends Int32Array | Float64Array>(
  make: new (size: number) => A,
  from: A,
  size: number,
): A {
  const into = new make(size);
  into.set(from);
  return into;
}
