/**
 * Finds the best paths through a lattice, the best first.
 *
 * Paper    none (the A* search of SentencePiece, whose estimate is the exact best score from the start)
 * Shapes   a path is its edges, in order
 * Cost     O(k n) hypotheses for k paths of n tokens; the queue is cut to max(k, min(512, 10 k)) where it reaches 10,000,
 *          which loses none of the k best: each hypothesis leads to a path of the score that it is queued by
 * Differs  equal scores come in the order of SentencePiece, which is that of its heap
 */
import { grown, type Lattice } from "./lattice.js";

export interface Path {
  readonly edges: Int32Array;
  readonly score: number;
}

const QUEUE_LIMIT = 10_000;
const KEPT = 512;
/** Stands for the start of the text in place of an edge. */
const START = -1;

export function nBestPaths(lattice: Lattice, count: number, singlePrecision: boolean): Path[] {
  const round = singlePrecision ? Math.fround : (score: number): number => score;
  const best = lattice.best(round);
  // Hypotheses: the leftmost edge, the score from there to the end, and the hypothesis that it goes on from.
  let edges = new Int32Array(256);
  let onward = new Int32Array(256);
  let sums = new Float64Array(256);
  let made = 0;
  const queue = new Queue();

  function push(edge: number, next: number, sum: number, estimate: number): void {
    if (made === edges.length) {
      edges = grown(Int32Array, edges, made * 2);
      onward = grown(Int32Array, onward, made * 2);
      sums = grown(Float64Array, sums, made * 2);
    }
    edges[made] = edge;
    onward[made] = next;
    sums[made] = sum;
    queue.push(made++, estimate);
  }

  function edgesOf(hypothesis: number): Int32Array {
    const path: number[] = [];
    for (let at = onward[hypothesis]!; at > 0; at = onward[at]!) path.push(edges[at]!);
    return Int32Array.from(path);
  }

  /** Keeps what the queue still needs. */
  function shrink(): void {
    const size = Math.max(count, Math.min(KEPT, count * 10));
    const kept: [number, number][] = [];
    for (; kept.length < size && queue.length > 0; queue.pop())
      kept.push([queue.top(), queue.topKey()]);
    const needed = new Uint8Array(made);
    for (const [hypothesis] of kept)
      for (let at = hypothesis; at >= 0 && needed[at] === 0; at = onward[at]!) needed[at] = 1;
    const places = new Int32Array(made);
    let to = 0;
    for (let at = 0; at < made; at++) {
      if (needed[at] === 0) continue;
      places[at] = to;
      edges[to] = edges[at]!;
      sums[to] = sums[at]!;
      // What a hypothesis goes on from was made before it.
      onward[to++] = at === 0 ? -1 : places[onward[at]!]!;
    }
    made = to;
    queue.clear();
    for (const [hypothesis, key] of kept) queue.push(places[hypothesis]!, key);
  }

  const paths: Path[] = [];
  push(START, -1, 0, best[lattice.length]!);
  while (queue.length > 0) {
    const hypothesis = queue.top();
    const key = queue.topKey();
    queue.pop();
    const edge = edges[hypothesis]!;
    if (edge === START && hypothesis > 0) {
      paths.push({ edges: edgesOf(hypothesis), score: key });
      if (paths.length === count) break;
      continue;
    }
    const end = hypothesis === 0 ? lattice.length : lattice.start[edge]!;
    const sum = sums[hypothesis]!;
    if (end === 0) push(START, hypothesis, sum, sum);
    for (let left = lattice.first[end]!; end > 0 && left < lattice.first[end + 1]!; left++) {
      const score = lattice.score[left]!;
      const reach = round(best[lattice.start[left]!]! + score);
      push(left, hypothesis, round(score + sum), round(reach + sum));
    }
    if (queue.length >= QUEUE_LIMIT) shrink();
  }
  return paths;
}

/** A binary heap, the greatest key first, that puts equal keys in the order of the C++ standard library's. */
class Queue {
  length = 0;
  #items = new Int32Array(256);
  #keys = new Float64Array(256);

  top = (): number => this.#items[0]!;
  topKey = (): number => this.#keys[0]!;

  clear(): void {
    this.length = 0;
  }

  push(item: number, key: number): void {
    if (this.length === this.#items.length) {
      this.#items = grown(Int32Array, this.#items, this.length * 2);
      this.#keys = grown(Float64Array, this.#keys, this.length * 2);
    }
    this.#rise(this.length++, item, key);
  }

  /** The hole sinks to the bottom along the greater children; what was last then rises from there. */
  pop(): void {
    const size = --this.length;
    const item = this.#items[size]!;
    const key = this.#keys[size]!;
    let hole = 0;
    for (let right = 2; right <= size; right = hole * 2 + 2) {
      const child =
        right === size || this.#keys[right]! < this.#keys[right - 1]! ? right - 1 : right;
      this.#items[hole] = this.#items[child]!;
      this.#keys[hole] = this.#keys[child]!;
      hole = child;
    }
    if (size > 0) this.#rise(hole, item, key);
  }

  #rise(from: number, item: number, key: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.#keys[parent]! >= key) break;
      this.#items[hole] = this.#items[parent]!;
      this.#keys[hole] = this.#keys[parent]!;
      hole = parent;
    }
    this.#items[hole] = item;
    this.#keys[hole] = key;
  }
}
