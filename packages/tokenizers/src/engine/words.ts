/**
 * Looks up whole words: tokens of the vocabulary, and words encoded before.
 *
 * Shapes   vocabulary: open addressing, at most half full, over the UTF-16 units of the tokens that are text; seen words:
 *          SLOTS places, a word of at most WORD_LENGTH units with at most ID_COUNT ids each
 * Cost     1.3 MB for the seen words; 8 bytes a slot and 2 a unit for the vocabulary; no allocation on look-up. How long a
 *          look-up takes depends on the file, never on the text
 * State    a seen word takes the place of the one whose hash it shares
 */
import type { ByteVocabulary } from "./byte-vocabulary.js";

const SLOTS = 1 << 14;
const WORD_LENGTH = 24;
const ID_COUNT = 8;

export class Words {
  readonly #mask: number;
  /** [hash, token + 1] a slot. */
  readonly #slots: Int32Array;
  readonly #keys: Uint16Array;
  readonly #starts: Uint32Array;
  readonly #longest: number;
  readonly #seenUnits = new Uint16Array(SLOTS * WORD_LENGTH);
  readonly #seenIds = new Uint32Array(SLOTS * ID_COUNT);
  /** Units * 16 + ids of the word in a slot; 0: none. */
  readonly #seen = new Uint16Array(SLOTS);
  /** Hash of the word that the last `token` looked for. */
  #hash = 0;

  /** `isWhole` says whether a piece with the bytes of a token is encoded as that token. */
  constructor(vocabulary: ByteVocabulary, isWhole: (id: number) => boolean) {
    const { size, bytes, offsets } = vocabulary;
    let capacity = 16;
    while (capacity < size * 2) capacity *= 2;
    this.#mask = capacity - 1;
    this.#slots = new Int32Array(capacity * 2);
    this.#keys = new Uint16Array(bytes.length);
    this.#starts = new Uint32Array(size + 1);
    let end = 0;
    let longest = 0;
    for (let id = 0; id < size; id++) {
      const start = end;
      const length = decoded(bytes, offsets[id]!, offsets[id + 1]!, this.#keys, start);
      if (length > 0 && isWhole(id)) {
        end += length;
        longest = Math.max(longest, length);
        this.#insert(id, start, end);
      }
      this.#starts[id + 1] = end;
    }
    this.#longest = longest;
  }

  #insert(id: number, start: number, end: number): void {
    let hash = 0;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ this.#keys[i]!, 0x01000193);
    let slot = mixed(hash) & this.#mask;
    while (this.#slots[slot * 2 + 1] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot * 2] = hash;
    this.#slots[slot * 2 + 1] = id + 1;
  }

  /** The token that `text[start, end)` is encoded as, -1 where it is none or more than one. */
  token(text: string, start: number, end: number): number {
    const length = end - start;
    if (length > this.#longest && length > WORD_LENGTH) return -1;
    let hash = 0;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    this.#hash = hash;
    const slots = this.#slots;
    for (let slot = mixed(hash) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const found = slots[slot * 2 + 1]!;
      if (found === 0) return -1;
      if (slots[slot * 2] !== hash) continue;
      const from = this.#starts[found - 1]!;
      if (this.#starts[found]! - from !== length) continue;
      let i = 0;
      while (i < length && this.#keys[from + i] === text.charCodeAt(start + i)) i++;
      if (i === length) return found - 1;
    }
  }

  /** Copies the ids of the word that `token` has just not found to `out` at `at`; their number, 0 where it is new. */
  seen(text: string, start: number, end: number, out: Uint32Array, at: number): number {
    const length = end - start;
    if (length > WORD_LENGTH) return 0;
    const slot = mixed(this.#hash) & (SLOTS - 1);
    const entry = this.#seen[slot]!;
    if (entry >> 4 !== length) return 0;
    const base = slot * WORD_LENGTH;
    for (let i = 0; i < length; i++)
      if (this.#seenUnits[base + i] !== text.charCodeAt(start + i)) return 0;
    const count = entry & 15;
    for (let i = 0; i < count; i++) out[at + i] = this.#seenIds[slot * ID_COUNT + i]!;
    return count;
  }

  /** Remembers the ids of the word that `token` has just not found. */
  store(text: string, start: number, end: number, ids: Uint32Array, at: number, count: number) {
    const length = end - start;
    if (length > WORD_LENGTH || count > ID_COUNT) return;
    const slot = mixed(this.#hash) & (SLOTS - 1);
    for (let i = 0; i < length; i++)
      this.#seenUnits[slot * WORD_LENGTH + i] = text.charCodeAt(start + i);
    for (let i = 0; i < count; i++) this.#seenIds[slot * ID_COUNT + i] = ids[at + i]!;
    this.#seen[slot] = length * 16 + count;
  }
}

function mixed(hash: number): number {
  const h = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

/** Writes the UTF-16 units of `bytes[start, end)` to `out` at `at`; their number, 0 where the bytes are not UTF-8. */
function decoded(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint16Array,
  at: number,
): number {
  let units = at;
  for (let i = start; i < end; ) {
    const first = bytes[i++]!;
    const more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (more < 0 || first > 0xf4 || i + more > end) return 0;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let left = more; left > 0; left--) {
      const byte = bytes[i++]!;
      if ((byte & 0xc0) !== 0x80) return 0;
      code = (code << 6) | (byte & 0x3f);
    }
    const least = [0, 0x80, 0x800, 0x10000][more]!;
    if (code < least || code > 0x10ffff || (code & 0x1ff800) === 0xd800) return 0;
    if (code > 0xffff) {
      out[units++] = 0xd7c0 + (code >> 10);
      out[units++] = 0xdc00 | (code & 0x3ff);
    } else out[units++] = code;
  }
  return units - at;
}
