/**
 * Remembers the ids of words seen before.
 *
 * Shapes   short words, up to 16 bytes with up to 3 ids: 2^13 sets of two places, a place [bytes 0..15 as 4 i32, length +
 *          256 * ids, 3 ids] i32, a set a cache line; others, up to 48 bytes and 16 ids: 2^12 places by their hash
 * Cost     1 MB; one cache line for a short word; no allocation
 * State    a new word takes the first place of its set, the one there moves on to the second
 */
const SETS = 1 << 13;
const PLACE = 8;
export const SHORT_LENGTH = 16;
const SHORT_IDS = 3;
const LONG_PLACES = 1 << 12;
const LONG_LENGTH = 48;
const LONG_IDS = 16;

export class SeenWords {
  readonly #sets = new Int32Array(SETS * 2 * PLACE);
  readonly #longBytes = new Uint8Array(LONG_PLACES * LONG_LENGTH);
  readonly #longIds = new Uint32Array(LONG_PLACES * LONG_IDS);
  /** Length * 32 + ids of the word in a place; 0: none. */
  readonly #long = new Uint16Array(LONG_PLACES);
  /** Key and set of the word that the last `find` looked for. */
  #k0 = 0;
  #k1 = 0;
  #k2 = 0;
  #k3 = 0;
  #set = 0;
  #longPlace = 0;

  /** Copies the ids of the word at `start` to `out` at `at`; their number, 0 where the word is not known. */
  find(view: DataView, start: number, length: number, out: Uint32Array, at: number): number {
    if (length > SHORT_LENGTH) return 0;
    let k0 = view.getInt32(start, true);
    let k1 = 0;
    let k2 = 0;
    let k3 = 0;
    if (length < 4) k0 &= (1 << (length * 8)) - 1;
    else {
      k1 = view.getInt32(start + 4, true);
      if (length < 8) k1 &= (1 << ((length - 4) * 8)) - 1;
      else {
        k2 = view.getInt32(start + 8, true);
        if (length < 12) k2 &= (1 << ((length - 8) * 8)) - 1;
        else {
          k3 = view.getInt32(start + 12, true);
          if (length < 16) k3 &= (1 << ((length - 12) * 8)) - 1;
        }
      }
    }
    let hash = Math.imul(k0, 0x9e3779b1) ^ Math.imul(k1 + 0x3c6ef372, 0x85ebca6b);
    hash ^= Math.imul(k2, 0xc2b2ae35) ^ Math.imul(k3, 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    const sets = this.#sets;
    const set = ((hash ^ (hash >>> 13)) & (SETS - 1)) * 2 * PLACE;
    let place = set;
    if (
      sets[place] !== k0 ||
      sets[place + 1] !== k1 ||
      sets[place + 2] !== k2 ||
      sets[place + 3] !== k3 ||
      (sets[place + 4]! & 255) !== length
    ) {
      place += PLACE;
      if (
        sets[place] !== k0 ||
        sets[place + 1] !== k1 ||
        sets[place + 2] !== k2 ||
        sets[place + 3] !== k3 ||
        (sets[place + 4]! & 255) !== length
      ) {
        this.#k0 = k0;
        this.#k1 = k1;
        this.#k2 = k2;
        this.#k3 = k3;
        this.#set = set;
        return 0;
      }
    }
    const count = sets[place + 4]! >> 8;
    out[at] = sets[place + 5]!;
    if (count > 1) {
      out[at + 1] = sets[place + 6]!;
      if (count > 2) out[at + 2] = sets[place + 7]!;
    }
    return count;
  }

  /** As `find`, for a word that `find` does not know. */
  findLong(bytes: Uint8Array, start: number, length: number, out: Uint32Array, at: number): number {
    if (length > LONG_LENGTH) return 0;
    let hash = length;
    for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    const place = (hash ^ (hash >>> 13)) & (LONG_PLACES - 1);
    this.#longPlace = place;
    const entry = this.#long[place]!;
    if (entry >> 5 !== length) return 0;
    const base = place * LONG_LENGTH;
    for (let i = 0; i < length; i++) if (this.#longBytes[base + i] !== bytes[start + i]) return 0;
    const count = entry & 31;
    for (let i = 0; i < count; i++) out[at + i] = this.#longIds[place * LONG_IDS + i]!;
    return count;
  }

  /** Remembers the last `count` of the ids for the word that `find`, and `findLong` if it is long or of many ids, has just not found. */
  store(
    bytes: Uint8Array,
    start: number,
    length: number,
    ids: Uint32Array,
    at: number,
    count: number,
  ) {
    if (length <= SHORT_LENGTH && count <= SHORT_IDS) {
      const sets = this.#sets;
      const set = this.#set;
      sets.copyWithin(set + PLACE, set, set + PLACE);
      sets[set] = this.#k0;
      sets[set + 1] = this.#k1;
      sets[set + 2] = this.#k2;
      sets[set + 3] = this.#k3;
      sets[set + 4] = length + 256 * count;
      for (let i = 0; i < count; i++) sets[set + 5 + i] = ids[at + i]!;
    } else if (length <= LONG_LENGTH && count <= LONG_IDS) {
      const place = this.#longPlace;
      for (let i = 0; i < length; i++) this.#longBytes[place * LONG_LENGTH + i] = bytes[start + i]!;
      for (let i = 0; i < count; i++) this.#longIds[place * LONG_IDS + i] = ids[at + i]!;
      this.#long[place] = length * 32 + count;
    }
  }
}
