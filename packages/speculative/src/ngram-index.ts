/**
 * For every n-gram of a growing text, n up to `maxN`: where its first and its latest continuation stands.
 *
 * Shapes   a trie whose nodes are n-grams; edges (node, token) in an open-addressed table of u32
 * Cost     O(maxN) a token, amortised; at most maxN new nodes a token, 32 to 64 bytes a node
 * State    grows with the text; `clear` forgets it and keeps the memory
 * Order    the n-gram that ends the text has no continuation yet, so it never finds itself
 */
const ROOT = 0;

export class NgramIndex {
  readonly maxN: number;
  /** active[n]: the node of the last n tokens; -1 while fewer were seen. */
  readonly #active: Int32Array;
  /** Tokens that are no continuation: an occurrence followed by one of them does not count. */
  readonly #suppressed: ReadonlySet<number>;
  #first: Int32Array = new Int32Array(64);
  #latest: Int32Array = new Int32Array(64);
  #nodeCount = 1;
  #length = 0;
  /** Three words a place: node + 1 (0: empty), token, child. */
  #table = new Uint32Array(3 * 128);
  #mask = 127;

  constructor(maxN: number, suppressed: ReadonlySet<number> = new Set()) {
    this.maxN = maxN;
    this.#suppressed = suppressed;
    this.#active = new Int32Array(maxN + 1).fill(-1);
    this.clear();
  }

  /** Tokens seen. */
  get length(): number {
    return this.#length;
  }

  clear(): void {
    this.#table.fill(0);
    this.#active.fill(-1);
    this.#active[0] = ROOT;
    this.#nodeCount = 1;
    this.#length = 0;
    this.#first[ROOT] = -1;
    this.#latest[ROOT] = -1;
  }

  append(token: number): void {
    const position = this.#length++;
    const active = this.#active;
    const counts = this.#suppressed.size === 0 || !this.#suppressed.has(token);
    for (let n = this.maxN; n >= 1; n--) {
      if (counts && active[n]! >= 0) this.#continue(active[n]!, position);
      active[n] = active[n - 1]! < 0 ? -1 : this.#child(active[n - 1]!, token);
    }
  }

  /** Position of the token after the first earlier occurrence of the last n tokens; -1 if there is none. */
  first(n: number): number {
    const node = this.#active[n]!;
    return node < 0 ? -1 : this.#first[node]!;
  }

  /** The same after the latest earlier occurrence. */
  latest(n: number): number {
    const node = this.#active[n]!;
    return node < 0 ? -1 : this.#latest[node]!;
  }

  #continue(node: number, position: number): void {
    if (this.#first[node]! < 0) this.#first[node] = position;
    this.#latest[node] = position;
  }

  #child(node: number, token: number): number {
    const table = this.#table;
    let place = this.#placeOf(node, token);
    for (; table[3 * place] !== 0; place = (place + 1) & this.#mask) {
      if (table[3 * place] === node + 1 && table[3 * place + 1] === token) {
        return table[3 * place + 2]!;
      }
    }
    const child = this.#nodeCount++;
    table[3 * place] = node + 1;
    table[3 * place + 1] = token;
    table[3 * place + 2] = child;
    if (child >= this.#first.length) {
      this.#first = doubled(this.#first);
      this.#latest = doubled(this.#latest);
    }
    this.#first[child] = -1;
    this.#latest[child] = -1;
    if (2 * this.#nodeCount > this.#mask) this.#grow();
    return child;
  }

  #placeOf(node: number, token: number): number {
    let hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(token, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) & this.#mask;
  }

  #grow(): void {
    const old = this.#table;
    this.#mask = 2 * this.#mask + 1;
    this.#table = new Uint32Array(3 * (this.#mask + 1));
    for (let at = 0; at < old.length; at += 3) {
      if (old[at] === 0) continue;
      let place = this.#placeOf(old[at]! - 1, old[at + 1]!);
      while (this.#table[3 * place] !== 0) place = (place + 1) & this.#mask;
      this.#table.set(old.subarray(at, at + 3), 3 * place);
    }
  }
}

function doubled(values: Int32Array): Int32Array {
  const longer = new Int32Array(2 * values.length);
  longer.set(values);
  return longer;
}
