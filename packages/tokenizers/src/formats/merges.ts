/**
 * Reads the merges of a model of type BPE: "a b" or ["a", "b"].
 *
 * Cost     two look-ups a merge; one more where merges are not in the order of the tokens that they make
 * Errors   FormatError with the field's path
 */
import { MERGE_LIMIT } from "../limits.js";
import { PairTable } from "../models/pair-table.js";
import { HASH_SEED, hashEnd, hashStep, type TokenArena } from "../models/token-arena.js";
import { appendTo, roomFor, textAt } from "../text/wtf8.js";
import * as read from "./fields.js";
import { GgufTexts } from "./gguf-metadata.js";
import { type JsonCursor, JsonSpan } from "./json-cursor.js";

const SPACE = 0x20;
const [QUOTE, OPEN_LIST] = [0x22, 0x5b];

/** `prefix`: what the tokens inside a word begin with, which a merged one loses. */
export function readMerges(model: read.Fields, vocabulary: TokenArena, prefix: string): PairTable {
  const value = read.raw(model, "merges");
  if (value instanceof JsonSpan && value.isList) {
    read.counted(value.count, "model.merges", MERGE_LIMIT);
    const merges = new Merges(vocabulary, prefix, value.count);
    const cursor = value.cursor("model.merges");
    cursor.list(() => scanMerge(cursor, merges));
    return merges.table();
  }
  if (value instanceof GgufTexts) {
    read.counted(value.count, "merges", MERGE_LIMIT);
    const merges = new Merges(vocabulary, prefix, value.count);
    value.each((start, end) => {
      if (!merges.addSpaced(value.bytes, start, end))
        throw merges.malformed(textAt(value.bytes, start, end));
    });
    return merges.table();
  }
  const list = read.list(model, "merges", MERGE_LIMIT);
  const merges = new Merges(vocabulary, prefix, list.length);
  for (const merge of list) addParsed(merge, merges);
  return merges.table();
}

function scanMerge(cursor: JsonCursor, merges: Merges): void {
  const byte = cursor.peek();
  if (byte === QUOTE) {
    cursor.text();
    if (!merges.addSpaced(cursor.from, cursor.start, cursor.end))
      throw merges.malformed(cursor.string());
    return;
  }
  if (byte !== OPEN_LIST) throw merges.malformed(cursor.value());
  cursor.list((index) => {
    if (index > 1 || cursor.peek() !== QUOTE) throw merges.malformed(cursor.value());
    cursor.text();
    merges.part(index, cursor.from, cursor.start, cursor.end);
  });
  merges.endParts();
}

function addParsed(merge: unknown, merges: Merges): void {
  const parts: unknown = typeof merge === "string" ? merge.split(" ") : merge;
  if (!Array.isArray(parts) || parts.length !== 2) throw merges.malformed(merge);
  parts.forEach((part: unknown, index) => {
    if (typeof part !== "string") throw merges.malformed(merge);
    const bytes = new Uint8Array(roomFor(part.length));
    merges.part(index, bytes, 0, appendTo(bytes, 0, part));
  });
  merges.endParts();
}

/** Merges in the order of their ranks. */
class Merges {
  readonly #vocabulary: TokenArena;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  readonly #product: Int32Array;
  #count = 0;
  readonly #prefixLength: number;
  /** Entry of the last product: that of the next merge is often the same or the next. */
  #last = 0;
  /** Entry of the left part, while the right one is not read. */
  #waiting = -1;
  #parts = 0;

  constructor(vocabulary: TokenArena, prefix: string, count: number) {
    this.#vocabulary = vocabulary;
    this.#left = new Int32Array(count);
    this.#right = new Int32Array(count);
    this.#product = new Int32Array(count);
    this.#prefixLength = new TextEncoder().encode(prefix).length;
  }

  /** "a b"; false where that is not its form. */
  addSpaced(from: Uint8Array, start: number, end: number): boolean {
    let space = -1;
    let leftHash = 0;
    let hash = HASH_SEED;
    for (let at = start; at < end; at++) {
      const byte = from[at]!;
      if (byte !== SPACE) hash = hashStep(hash, byte);
      else {
        if (space >= 0) return false;
        space = at;
        leftHash = hashEnd(hash);
        hash = HASH_SEED;
      }
    }
    if (space < 0) return false;
    const left = this.#vocabulary.findHashed(leftHash, from, start, space);
    const right = this.#vocabulary.findHashed(hashEnd(hash), from, space + 1, end);
    this.#set(left, right, from, space + 1, end);
    this.#count++;
    return true;
  }

  /** Part 0 or 1 of a merge that is a list. */
  part(index: number, from: Uint8Array, start: number, end: number): void {
    this.#parts = index + 1;
    if (index === 0) this.#waiting = this.#vocabulary.find(from, start, end);
    else this.#set(this.#waiting, this.#vocabulary.find(from, start, end), from, start, end);
  }

  endParts(): void {
    if (this.#parts !== 2) throw this.malformed([]);
    this.#parts = 0;
    this.#count++;
  }

  malformed(merge: unknown): Error {
    const path = `model.merges[${this.#count}]`;
    return read.wrong(path, 'two tokens, as "a b" or ["a", "b"]', merge);
  }

  #set(left: number, right: number, from: Uint8Array, start: number, end: number): void {
    const vocabulary = this.#vocabulary;
    const product = left < 0 || right < 0 ? -1 : this.#join(left, from, start, end);
    if (product < 0)
      throw read.invalid(
        `model.merges[${this.#count}]`,
        "names or makes a token that the vocabulary lacks",
      );
    this.#left[this.#count] = vocabulary.idAt(left);
    this.#right[this.#count] = vocabulary.idAt(right);
    this.#product[this.#count] = vocabulary.idAt(product);
    this.#last = product;
  }

  /** The entry that both parts make, -1 where there is none. */
  #join(left: number, from: Uint8Array, start: number, end: number): number {
    const vocabulary = this.#vocabulary;
    const inner = Math.min(end, start + this.#prefixLength);
    if (vocabulary.isJoin(this.#last, left, from, inner, end)) return this.#last;
    if (vocabulary.isJoin(this.#last + 1, left, from, inner, end)) return this.#last + 1;
    return vocabulary.findJoin(left, from, inner, end);
  }

  table(): PairTable {
    return PairTable.of(this.#left, this.#right, this.#product);
  }
}
