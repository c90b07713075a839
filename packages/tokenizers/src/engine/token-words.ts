/**
 * Looks up words that are tokens of the vocabulary.
 *
 * Shapes   open addressing, at most half full: [hash, token + 1] i32 a slot
 * Cost     8 bytes a slot; no allocation on look-up. How long a look-up takes depends on the file, never on the text
 */
import type { ByteVocabulary } from "./byte-vocabulary.js";

export class TokenWords {
  readonly #mask: number;
  readonly #slots: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #offsets: Uint32Array;
  readonly #longest: number;

  /** `isWhole` says whether a piece with the bytes of a token is encoded as that token. */
  constructor(vocabulary: ByteVocabulary, isWhole: (id: number) => boolean) {
    const { size, bytes, offsets, longest } = vocabulary;
    let capacity = 16;
    while (capacity < size * 2) capacity *= 2;
    this.#mask = capacity - 1;
    this.#slots = new Int32Array(capacity * 2);
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.#longest = longest;
    for (let id = 0; id < size; id++) {
      const [start, end] = [offsets[id]!, offsets[id + 1]!];
      if (end > start && isWhole(id)) this.#insert(id, hashOf(bytes, start, end));
    }
  }

  #insert(id: number, hash: number): void {
    const slots = this.#slots;
    let slot = hash & this.#mask;
    while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & this.#mask;
    slots[slot * 2] = hash;
    slots[slot * 2 + 1] = id + 1;
  }

  /** The token that `bytes[start, end)` is encoded as, -1 where it is none or more than one. */
  find(bytes: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length > this.#longest) return -1;
    const hash = hashOf(bytes, start, end);
    const slots = this.#slots;
    const tokens = this.#bytes;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = slots[slot * 2 + 1]!;
      if (found === 0) return -1;
      if (slots[slot * 2] !== hash) continue;
      const from = this.#offsets[found - 1]!;
      if (this.#offsets[found]! - from !== length) continue;
      let i = 0;
      while (i < length && tokens[from + i] === bytes[start + i]) i++;
      if (i === length) return found - 1;
    }
  }
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
