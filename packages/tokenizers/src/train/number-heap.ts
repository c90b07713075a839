/**
 * A heap of numbers, ordered by what they stand for.
 *
 * Cost     O(log n) a push or a pop
 */
import { grown } from "./growing.js";

export class NumberHeap {
  readonly #before: (a: number, b: number) => boolean;
  #items = new Int32Array(1024);
  length = 0;

  /** `before`: whether `a` is to come out before `b`. What it reads of an item in the heap must not change. */
  constructor(before: (a: number, b: number) => boolean) {
    this.#before = before;
  }

  push(item: number): void {
    this.#items = grown(this.#items, this.length + 1);
    const items = this.#items;
    let slot = this.length++;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (!this.#before(item, items[parent]!)) break;
      items[slot] = items[parent]!;
      slot = parent;
    }
    items[slot] = item;
  }

  /** The first item; -1 where there is none. */
  peek(): number {
    return this.length === 0 ? -1 : this.#items[0]!;
  }

  /** Takes out the first item; -1 where there is none. */
  pop(): number {
    if (this.length === 0) return -1;
    const items = this.#items;
    const top = items[0]!;
    const item = items[--this.length]!;
    let slot = 0;
    for (let child = 1; child < this.length; child = slot * 2 + 1) {
      if (child + 1 < this.length && this.#before(items[child + 1]!, items[child]!)) child++;
      if (!this.#before(items[child]!, item)) break;
      items[slot] = items[child]!;
      slot = child;
    }
    items[slot] = item;
    return top;
  }
}
