/**
 * Tokens and their ids in flat memory: what a Map from text to number holds, at a tenth of its memory.
 *
 * Shapes   E entries: bytes [sum of lengths] u8, offsets [E + 1] u32: entry e is `bytes[offsets[e], offsets[e + 1])` in the
 *          form of text/wtf8.ts; slots [2^k] u32, at most half full: 10 bits of the hash, 22 of e + 1, 0 where empty
 * Cost     a look-up reads the token once; building O(bytes); 4 to 12 bytes an entry beside its text
 * State    texts that were asked for by id are kept
 * Errors   FormatError: more than PROBE_LIMIT tokens in a row whose hashes meet, which only a made-up file has
 */
import { FormatError } from "@frugal/tensor/errors";
import { appendCode, appendTo, roomFor, textAt } from "../text/wtf8.js";

/** Slots that a token may lie behind its own: with 2^22 tokens in a table half full it is a hundred at most. */
const PROBE_LIMIT = 256;
/** Ids that lie further apart than this many times the tokens are kept in a Map. */
const SPARSE = 2;

export interface Entries {
  readonly bytes: Uint8Array;
  /** One more than there are entries. */
  readonly offsets: Uint32Array;
  /** Of each entry; null: its place. */
  readonly ids: Int32Array | null;
}

export class TokenArena implements ReadonlyMap<string, number> {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  /** Entries; a token that was given twice may have two. */
  readonly count: number;
  /** Distinct tokens. */
  readonly size: number;
  /** -1 where there is none. */
  readonly highest: number;
  /** Bytes of the longest token. */
  longest = 0;
  readonly #ids: Int32Array | null;
  readonly #slots: Uint32Array;
  readonly #mask: number;
  #entries: Int32Array | Map<number, number> | undefined;
  readonly #texts: (string | undefined)[] = [];
  #scratch: Uint8Array | undefined;

  /** Of a token that occurs again the later id counts. */
  constructor({ bytes, offsets, ids }: Entries) {
    this.bytes = bytes;
    this.offsets = offsets;
    this.count = offsets.length - 1;
    this.#ids = ids;
    let capacity = 16;
    while (capacity < this.count * 2) capacity *= 2;
    this.#slots = new Uint32Array(capacity);
    this.#mask = capacity - 1;
    this.size = this.#fill();
    let highest = this.count - 1;
    if (ids !== null) highest = ids.reduce((most, id) => Math.max(most, id), -1);
    this.highest = highest;
  }

  static of(tokens: ReadonlyMap<string, number>): TokenArena {
    if (tokens instanceof TokenArena) return tokens;
    const builder = new ArenaBuilder(tokens.size);
    for (const [token, id] of tokens) {
      builder.appendText(token);
      builder.finish(id);
    }
    return builder.build();
  }

  #fill(): number {
    const { bytes, offsets, count } = this;
    const slots = this.#slots;
    const mask = this.#mask;
    let size = count;
    for (let entry = 0; entry < count; entry++) {
      const start = offsets[entry]!;
      const end = offsets[entry + 1]!;
      const hash = hashOf(bytes, start, end);
      if (end - start > this.longest) this.longest = end - start;
      let slot = hash & mask;
      for (let probes = 0; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const found = slots[slot]!;
        if (((found ^ hash) & MARK) === 0 && this.#is((found & ENTRY) - 1, bytes, start, end)) {
          size--;
          break;
        }
        if (++probes > PROBE_LIMIT)
          throw new FormatError("loadTokenizer", "the tokens are made so that their hashes meet");
      }
      slots[slot] = (hash & MARK) | (entry + 1);
    }
    return size;
  }

  #is(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const own = this.bytes;
    let at = this.offsets[entry]!;
    if (this.offsets[entry + 1]! - at !== end - start) return false;
    for (let i = start; i < end; i++) if (own[at++] !== bytes[i]) return false;
    return true;
  }

  /** The entry with these bytes, -1 where there is none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return this.findHashed(hashOf(bytes, start, end), bytes, start, end);
  }

  /** As `find`, where `hashOf` the bytes is known. */
  findHashed(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = hash & mask, probes = 0; probes <= PROBE_LIMIT; probes++) {
      const found = slots[slot]!;
      if (found === 0) return -1;
      if (((found ^ hash) & MARK) === 0 && this.#is((found & ENTRY) - 1, bytes, start, end))
        return (found & ENTRY) - 1;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** Whether an entry is what another one and the bytes behind it make. */
  isJoin(entry: number, left: number, from: Uint8Array, start: number, end: number): boolean {
    if (entry >= this.count) return false;
    const { bytes, offsets } = this;
    let at = offsets[entry]!;
    const leftStart = offsets[left]!;
    const leftEnd = offsets[left + 1]!;
    if (offsets[entry + 1]! - at !== leftEnd - leftStart + end - start) return false;
    for (let i = leftStart; i < leftEnd; i++) if (bytes[at++] !== bytes[i]) return false;
    for (let i = start; i < end; i++) if (bytes[at++] !== from[i]) return false;
    return true;
  }

  /** The entry that another one and the bytes behind it make, -1 where there is none. */
  findJoin(left: number, from: Uint8Array, start: number, end: number): number {
    const leftStart = this.offsets[left]!;
    const leftLength = this.offsets[left + 1]! - leftStart;
    const length = leftLength + end - start;
    if (length > this.longest) return -1;
    this.#scratch ??= new Uint8Array(roomFor(this.longest));
    this.#scratch.set(this.bytes.subarray(leftStart, leftStart + leftLength));
    this.#scratch.set(from.subarray(start, end), leftLength);
    return this.find(this.#scratch, 0, length);
  }

  /** Whether no two entries have one id. */
  hasDistinctIds(): boolean {
    if (this.#ids === null) return true;
    const seen = new Uint8Array((this.highest >> 3) + 1);
    for (const id of this.#ids) {
      if ((seen[id >> 3]! >> (id & 7)) & 1) return false;
      seen[id >> 3]! |= 1 << (id & 7);
    }
    return true;
  }

  idAt(entry: number): number {
    return this.#ids === null ? entry : this.#ids[entry]!;
  }

  /** The texts of all entries, made one by one. */
  texts(): Iterable<string> {
    return { [Symbol.iterator]: () => this.#each() };
  }

  *#each(): Generator<string, undefined> {
    for (let entry = 0; entry < this.count; entry++) yield this.textAt(entry);
    return undefined;
  }

  textAt(entry: number): string {
    return textAt(this.bytes, this.offsets[entry]!, this.offsets[entry + 1]!);
  }

  /** The entry with this id, the last one where there are several; -1 where there is none. */
  entryOf(id: number): number {
    const ids = this.#ids;
    if (ids === null) return id < this.count ? id : -1;
    this.#entries ??= entriesById(ids, this.highest);
    return (this.#entries instanceof Map ? this.#entries.get(id) : this.#entries[id]) ?? -1;
  }

  tokenOf(id: number): string | undefined {
    const entry = this.entryOf(id);
    if (entry < 0) return undefined;
    if (this.#texts.length === 0) this.#texts.length = this.count;
    this.#texts[entry] ??= this.textAt(entry);
    return this.#texts[entry];
  }

  get(token: string): number | undefined {
    if (token.length > this.longest) return undefined;
    this.#scratch ??= new Uint8Array(roomFor(this.longest));
    const entry = this.find(this.#scratch, 0, appendTo(this.#scratch, 0, token));
    return entry < 0 ? undefined : this.idAt(entry);
  }

  has(token: string): boolean {
    return this.get(token) !== undefined;
  }

  *[Symbol.iterator](): Generator<[string, number], undefined> {
    for (let entry = 0; entry < this.count; entry++) {
      const isLast =
        this.size === this.count ||
        this.find(this.bytes, this.offsets[entry]!, this.offsets[entry + 1]!) === entry;
      if (isLast) yield [this.textAt(entry), this.idAt(entry)];
    }
    return undefined;
  }

  entries(): Generator<[string, number], undefined> {
    return this[Symbol.iterator]();
  }

  *keys(): Generator<string, undefined> {
    for (const [token] of this) yield token;
    return undefined;
  }

  *values(): Generator<number, undefined> {
    for (const [, id] of this) yield id;
    return undefined;
  }

  forEach(visit: (id: number, token: string, map: ReadonlyMap<string, number>) => void): void {
    for (const [token, id] of this) visit(id, token, this);
  }
}

/** Puts tokens and ids in a row. */
export class ArenaBuilder {
  readonly #capacity: number;
  #bytes: Uint8Array;
  #length = 0;
  readonly #offsets: Uint32Array;
  #ids: Int32Array | null = null;
  #count = 0;

  /** `capacity`: entries; `byteCapacity`: bytes, if they are known. */
  constructor(capacity: number, byteCapacity = capacity * 8) {
    this.#capacity = capacity;
    this.#bytes = new Uint8Array(byteCapacity);
    this.#offsets = new Uint32Array(capacity + 1);
  }

  /** Adds a token or a part of one. */
  append(from: Uint8Array, start: number, end: number): void {
    this.#makeRoom(end - start);
    const bytes = this.#bytes;
    let length = this.#length;
    for (let i = start; i < end; i++) bytes[length++] = from[i]!;
    this.#length = length;
  }

  appendText(text: string): void {
    this.#makeRoom(roomFor(text.length));
    this.#length = appendTo(this.#bytes, this.#length, text);
  }

  appendCode(code: number): void {
    this.#makeRoom(4);
    this.#length = appendCode(this.#bytes, this.#length, code);
  }

  #makeRoom(length: number): void {
    if (this.#length + length <= this.#bytes.length) return;
    const longer = new Uint8Array((this.#length + length) * 2);
    longer.set(this.#bytes);
    this.#bytes = longer;
  }

  /** Ends a token. */
  finish(id: number): void {
    const entry = this.#count++;
    if (this.#ids === null && id !== entry) {
      this.#ids = new Int32Array(this.#capacity);
      for (let i = 0; i < entry; i++) this.#ids[i] = i;
    }
    if (this.#ids !== null) this.#ids[entry] = id;
    this.#offsets[entry + 1] = this.#length;
  }

  /** The token that is not ended yet. */
  lastText(): string {
    return textAt(this.#bytes, this.#offsets[this.#count]!, this.#length);
  }

  /** `keepsAll`: a token that occurs again keeps its first entry too. */
  build(keepsAll = false): TokenArena {
    const arena = new TokenArena({
      // A copy where it frees much more than it takes.
      bytes:
        this.#bytes.length < this.#length * 1.5
          ? this.#bytes.subarray(0, this.#length)
          : this.#bytes.slice(0, this.#length),
      offsets: this.#offsets.subarray(0, this.#count + 1),
      ids: this.#ids?.subarray(0, this.#count) ?? null,
    });
    if (keepsAll || arena.size === arena.count) return arena;
    const builder = new ArenaBuilder(arena.size, arena.bytes.length);
    for (let entry = 0; entry < arena.count; entry++) {
      const start = arena.offsets[entry]!;
      const end = arena.offsets[entry + 1]!;
      if (arena.find(arena.bytes, start, end) !== entry) continue;
      builder.append(arena.bytes, start, end);
      builder.finish(arena.idAt(entry));
    }
    return builder.build();
  }
}

const MARK = 0xffc00000;
const ENTRY = 0x003fffff;

/** FNV-1a, byte by byte. */
export const HASH_SEED = 0x811c9dc5;
export const hashStep = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);

/** Mixes the bits: the low ones choose the slot, the high ones mark it. */
export function hashEnd(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return h ^ (h >>> 15);
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  for (let i = start; i < end; i++) hash = hashStep(hash, bytes[i]!);
  return hashEnd(hash);
}

function entriesById(ids: Int32Array, highest: number): Int32Array | Map<number, number> {
  if (highest >= ids.length * SPARSE + 1024)
    return new Map(Array.from(ids, (id, entry) => [id, entry]));
  const entries = new Int32Array(highest + 1).fill(-1);
  ids.forEach((id, entry) => {
    entries[id] = entry;
  });
  return entries;
}
