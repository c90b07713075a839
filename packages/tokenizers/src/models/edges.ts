/**
 * The edges of a trie over UTF-16 units: node and unit to node.
 *
 * Shapes   open addressing over 2^k slots, at most three quarters full; from, unit, to i32
 * Cost     12 bytes a slot, no allocation on look-up
 */
export class Edges {
  #mask = 1023;
  #from = new Int32Array(1024).fill(-1);
  #unit = new Int32Array(1024);
  #to = new Int32Array(1024);
  #count = 0;

  /** The node behind the edge, -1 where there is none. */
  get(from: number, unit: number): number {
    let slot = hash(from, unit) & this.#mask;
    for (;;) {
      const found = this.#from[slot]!;
      if (found === from && this.#unit[slot] === unit) return this.#to[slot]!;
      if (found === -1) return -1;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Adds an edge that is not there yet. */
  add(from: number, unit: number, to: number): void {
    if (++this.#count * 4 > this.#from.length * 3) this.#grow();
    this.#place(from, unit, to);
  }

  #place(from: number, unit: number, to: number): void {
    let slot = hash(from, unit) & this.#mask;
    while (this.#from[slot] !== -1) slot = (slot + 1) & this.#mask;
    this.#from[slot] = from;
    this.#unit[slot] = unit;
    this.#to[slot] = to;
  }

  #grow(): void {
    const [from, unit, to] = [this.#from, this.#unit, this.#to];
    const size = from.length * 2;
    this.#mask = size - 1;
    this.#from = new Int32Array(size).fill(-1);
    this.#unit = new Int32Array(size);
    this.#to = new Int32Array(size);
    for (let i = 0; i < from.length; i++)
      if (from[i] !== -1) this.#place(from[i]!, unit[i]!, to[i]!);
  }
}

function hash(from: number, unit: number): number {
  let h = Math.imul(from, 0x9e3779b1) ^ Math.imul(unit + 0x7f4a7c15, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}
