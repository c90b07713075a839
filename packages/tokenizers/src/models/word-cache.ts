/**
 * Remembers the ids of words seen before.
 *
 * Shapes   SLOTS slots; a slot holds a word of at most WORD_LENGTH units and at most ID_COUNT ids
 * Cost     0.8 MB, fixed; no allocation; a word that falls on a taken slot takes its place
 */
const SLOTS = 1 << 13;
const WORD_LENGTH = 24;
const ID_COUNT = 12;

export class WordCache {
  readonly #units = new Uint16Array(SLOTS * WORD_LENGTH);
  readonly #lengths = new Uint8Array(SLOTS);
  readonly #ids = new Int32Array(SLOTS * ID_COUNT);
  readonly #counts = new Uint8Array(SLOTS);
  /** The slot that the last `find` looked at. */
  #slot = 0;

  /** The number of ids of `text[start, end)`, which `id(i)` then gives; -1 where it is not known. */
  find(text: string, start: number, end: number): number {
    const length = end - start;
    if (length > WORD_LENGTH) return -1;
    let h = length;
    for (let i = start; i < end; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    this.#slot = (h ^ (h >>> 15)) & (SLOTS - 1);
    if (this.#lengths[this.#slot] !== length) return -1;
    const base = this.#slot * WORD_LENGTH - start;
    for (let i = start; i < end; i++) if (this.#units[base + i] !== text.charCodeAt(i)) return -1;
    return this.#counts[this.#slot]!;
  }

  id(index: number): number {
    return this.#ids[this.#slot * ID_COUNT + index]!;
  }

  /** Stores the last `count` of `ids` for the word that `find` has just not found. */
  store(
    text: string,
    start: number,
    end: number,
    ids: Uint32Array,
    first: number,
    count: number,
  ): void {
    if (end - start > WORD_LENGTH || count > ID_COUNT) return;
    const base = this.#slot * WORD_LENGTH - start;
    for (let i = start; i < end; i++) this.#units[base + i] = text.charCodeAt(i);
    for (let i = 0; i < count; i++) this.#ids[this.#slot * ID_COUNT + i] = ids[first + i]!;
    this.#lengths[this.#slot] = end - start;
    this.#counts[this.#slot] = count;
  }
}
