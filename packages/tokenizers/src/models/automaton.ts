/**
 * Finds every token of a vocabulary in a text, by where it ends.
 *
 * Paper    Aho and Corasick 1975, doi:10.1145/360825.360855
 * Shapes   node 0 is the root; per node, in the order of trie.ts: `fail` the node of the longest proper suffix, `token` the index of the token
 *          that ends here or -1, `shorter` the next node along `fail` that ends a token or -1, `depth` in units
 * Cost     building as trie.ts, 22 bytes a node; a step is O(1) amortised over a text
 * Differs  a token of lone surrogates is left out: no well-formed text holds it
 */
import { Trie, type TrieText } from "./trie.js";

export class Automaton {
  readonly #trie: Trie;
  readonly #fail: Int32Array;
  readonly token: Int32Array;
  readonly shorter: Int32Array;
  readonly depth: Uint32Array;

  /** Of a token that occurs again the later index counts. */
  constructor(tokens: Iterable<string>) {
    const trie = new Trie(wellFormed(tokens), 1);
    this.#trie = trie;
    this.token = trie.value;
    this.depth = new Uint32Array(trie.size);
    this.#fail = new Int32Array(trie.size);
    this.shorter = new Int32Array(trie.size).fill(-1);
    for (let parent = 0; parent < trie.size; parent++) {
      const end = trie.firstChild(parent + 1);
      for (let node = trie.firstChild(parent); node < end; node++) {
        this.depth[node] = this.depth[parent]! + 1;
        const fail = parent === 0 ? 0 : this.step(this.#fail[parent]!, trie.unitOf(node));
        this.#fail[node] = fail;
        this.shorter[node] = this.token[fail]! >= 0 ? fail : this.shorter[fail]!;
      }
    }
  }

  /** The node after one more unit. */
  step(from: number, unit: number): number {
    let node = from;
    for (;;) {
      const next = this.#trie.child(node, unit);
      if (next >= 0) return next;
      if (node === 0) return 0;
      node = this.#fail[node]!;
    }
  }
}

function* wellFormed(tokens: Iterable<string>): Generator<TrieText> {
  let value = -1;
  for (const text of tokens) {
    value++;
    if (!/\p{Surrogate}/u.test(text)) yield { text, root: 0, value };
  }
}
