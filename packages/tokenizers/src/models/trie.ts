/**
 * A trie over UTF-16 units that does not change.
 *
 * Shapes   nodes by depth, N of them, the roots first: the children of v are `first[v]` up to `first[v + 1]`, `units[v]`
 *          leads to v from its parent; `value[v]` is the index of the text that ends there or -1
 * Cost     10 bytes a node; building O(units of the texts) beside sorting them; a step O(log of the children)
 * Errors   none
 */

export interface TrieText {
  readonly text: string;
  /** Root that it hangs from. */
  readonly root: number;
  /** What the node at its end is told to be. */
  readonly value: number;
}

export class Trie {
  /** All but one. */
  readonly #first: Uint32Array;
  readonly #units: Uint16Array;
  readonly value: Int32Array;
  /** Node by unit, of the first root: it has thousands of children. */
  readonly #fromRoot: Int32Array;
  readonly rootCount: number;

  /** Of texts that are one the later one counts; an empty text is left out. */
  constructor(texts: Iterable<TrieText>, rootCount: number) {
    const sorted = sortedTexts(texts);
    const size = nodeCount(sorted) + rootCount;
    this.rootCount = rootCount;
    this.#first = new Uint32Array(size + 1);
    this.#units = new Uint16Array(size);
    this.value = new Int32Array(size).fill(-1);
    this.#build(sorted, rootCount);
    this.#fromRoot = new Int32Array(1 << 16).fill(-1);
    for (let v = this.#first[0]!; v < this.#first[1]!; v++) this.#fromRoot[this.#units[v]!] = v;
  }

  get size(): number {
    return this.value.length;
  }

  /** The node behind the unit, -1 where there is none. */
  child(node: number, unit: number): number {
    if (node === 0) return this.#fromRoot[unit]!;
    const units = this.#units;
    let low = this.#first[node]!;
    let high = this.#first[node + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (units[middle]! < unit) low = middle + 1;
      else high = middle;
    }
    return low < this.#first[node + 1]! && units[low] === unit ? low : -1;
  }

  firstChild(node: number): number {
    return this.#first[node]!;
  }

  unitOf(node: number): number {
    return this.#units[node]!;
  }

  /** One depth after the other: a node is a range of the sorted texts that begin alike. */
  #build({ units, starts, roots, values, order }: Sorted, rootCount: number): void {
    let lows = new Uint32Array(rootCount);
    let highs = new Uint32Array(rootCount);
    let at = 0;
    for (let root = 0; root < rootCount; root++) {
      lows[root] = at;
      while (at < order.length && roots[order[at]!] === root) at++;
      highs[root] = at;
    }
    let next = rootCount;
    let node = 0;
    for (let depth = 0; node < next; depth++) {
      const levelEnd = next;
      const nextLows: number[] = [];
      const nextHighs: number[] = [];
      for (let i = 0; node < levelEnd; node++, i++) {
        this.#first[node] = next;
        let low = lows[i]!;
        const high = highs[i]!;
        while (low < high && starts[order[low]! + 1]! - starts[order[low]!]! === depth) {
          if (depth > 0) this.value[node] = values[order[low]!]!;
          low++;
        }
        while (low < high) {
          const unit = units[starts[order[low]!]! + depth]!;
          nextLows.push(low);
          while (low < high && units[starts[order[low]!]! + depth] === unit) low++;
          nextHighs.push(low);
          this.#units[next++] = unit;
        }
      }
      lows = Uint32Array.from(nextLows);
      highs = Uint32Array.from(nextHighs);
    }
    this.#first[node] = next;
  }
}

interface Sorted {
  readonly units: Uint16Array;
  readonly starts: Uint32Array;
  readonly roots: Uint8Array;
  readonly values: Int32Array;
  readonly order: Uint32Array;
}

/** By root, then by units; of texts that are one the later one last. */
function sortedTexts(texts: Iterable<TrieText>): Sorted {
  let units = new Uint16Array(1 << 12);
  let starts = new Uint32Array(1 << 8);
  let roots = new Uint8Array(1 << 8);
  let values = new Int32Array(1 << 8);
  let count = 0;
  let length = 0;
  for (const { text, root, value } of texts) {
    if (text === "") continue;
    if (length + text.length > units.length) units = longer(units, (length + text.length) * 1.5);
    if (count + 1 >= starts.length) {
      starts = longer(starts, count * 1.5);
      roots = longer(roots, count * 1.5);
      values = longer(values, count * 1.5);
    }
    for (let i = 0; i < text.length; i++) units[length++] = text.charCodeAt(i);
    roots[count] = root;
    values[count] = value;
    starts[++count] = length;
  }
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const sorted = { units, starts, roots, values, order };
  sort(sorted);
  return sorted;
}

function longer<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(
  array: T,
  length: number,
): T {
  const copy = new (array.constructor as new (length: number) => T)(Math.ceil(length));
  copy.set(array);
  return copy;
}

/** Nodes below the roots: the units of each text behind what it shares with the one before it. */
function nodeCount({ units, starts, roots, order }: Sorted): number {
  let count = 0;
  for (let i = 0; i < order.length; i++) {
    const text = order[i]!;
    const length = starts[text + 1]! - starts[text]!;
    let shared = 0;
    if (i > 0 && roots[order[i - 1]!] === roots[text]) {
      const before = order[i - 1]!;
      const most = Math.min(length, starts[before + 1]! - starts[before]!);
      while (shared < most && units[starts[before]! + shared] === units[starts[text]! + shared])
        shared++;
    }
    count += length - shared;
  }
  return count;
}

/** Quicksort unit by unit, in three parts, of ranges that wait in a list; equal texts stay in the order of their places. */
function sort({ units, starts, roots, order }: Sorted): void {
  /** Unit of a text at a depth, -1 behind its end; the root stands before the first one. */
  const unitAt = (text: number, depth: number): number => {
    if (depth === 0) return roots[text]!;
    const at = starts[text]! + depth - 1;
    return at < starts[text + 1]! ? units[at]! : -1;
  };
  const waiting: number[] = [0, order.length, 0];
  while (waiting.length > 0) {
    const depth = waiting.pop()!;
    const high = waiting.pop()!;
    const low = waiting.pop()!;
    if (high - low < 2) continue;
    // A place that no order of the texts makes the worst one again and again.
    const place = low + ((Math.imul(low ^ high, 0x9e3779b1) >>> 1) % (high - low));
    const pivot = unitAt(order[place]!, depth);
    let less = low;
    let more = high;
    for (let i = low; i < more; ) {
      const text = order[i]!;
      const unit = unitAt(text, depth);
      if (unit === pivot) i++;
      else if (unit < pivot) {
        order[i++] = order[less]!;
        order[less++] = text;
      } else {
        order[i] = order[--more]!;
        order[more] = text;
      }
    }
    waiting.push(low, less, depth, more, high, depth);
    if (pivot >= 0) waiting.push(less, more, depth + 1);
    else order.subarray(less, more).sort();
  }
}
