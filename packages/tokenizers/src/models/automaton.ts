/**
 * Finds every token of a vocabulary in a text, by where it ends.
 *
 * Paper    Aho and Corasick 1975, doi:10.1145/360825.360855
 * Shapes   node 0 is the root; per node i32: `fail` the node of the longest proper suffix, `token` the index of the token
 *          that ends here or -1, `shorter` the next node along `fail` that ends a token or -1, `depth` in units
 * Cost     building O(units of the vocabulary), 32 bytes a node; a step is O(1) amortised over a text
 * Differs  a token of lone surrogates is left out: no well-formed text holds it
 */
import { Edges } from "./edges.js";

export class Automaton {
  readonly #edges: Edges;
  readonly #fail: Int32Array;
  readonly token: Int32Array;
  readonly shorter: Int32Array;
  readonly depth: Int32Array;

  /** Of a token that occurs again the later index counts. */
  constructor(tokens: Iterable<string>) {
    const edges = new Edges();
    const ends: number[] = [-1];
    const depths: number[] = [0];
    const parents: number[] = [0];
    const units: number[] = [0];
    let index = -1;
    for (const token of tokens) {
      index++;
      if (token === "" || /\p{Surrogate}/u.test(token)) continue;
      let node = 0;
      for (let i = 0; i < token.length; i++) {
        const unit = token.charCodeAt(i);
        let next = edges.get(node, unit);
        if (next < 0) {
          next = ends.length;
          edges.add(node, unit, next);
          ends.push(-1);
          depths.push(depths[node]! + 1);
          parents.push(node);
          units.push(unit);
        }
        node = next;
      }
      ends[node] = index;
    }
    this.#edges = edges;
    this.token = Int32Array.from(ends);
    this.depth = Int32Array.from(depths);
    this.#fail = new Int32Array(ends.length);
    this.shorter = new Int32Array(ends.length).fill(-1);
    for (const node of byDepth(this.depth)) {
      const parent = parents[node]!;
      const fail = parent === 0 ? 0 : this.step(this.#fail[parent]!, units[node]!);
      this.#fail[node] = fail;
      this.shorter[node] = this.token[fail]! >= 0 ? fail : this.shorter[fail]!;
    }
  }

  /** The node after one more unit. */
  step(from: number, unit: number): number {
    let node = from;
    for (;;) {
      const next = this.#edges.get(node, unit);
      if (next >= 0) return next;
      if (node === 0) return 0;
      node = this.#fail[node]!;
    }
  }
}

/** All nodes but the root, the shallow ones first. */
function byDepth(depth: Int32Array): Int32Array {
  const deepest = depth.reduce((most, d) => Math.max(most, d), 0);
  const places = new Int32Array(deepest + 2);
  for (const d of depth) places[d + 1]!++;
  for (let d = 0; d <= deepest; d++) places[d + 1]! += places[d]!;
  const order = new Int32Array(depth.length);
  for (let node = 0; node < depth.length; node++) order[places[depth[node]!]!++] = node;
  return order.subarray(1);
}
