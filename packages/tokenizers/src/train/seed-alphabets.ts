/**
 * Writes entries one after the other, as bytes or as characters, with a boundary behind each.
 *
 * Shapes   symbols, entryOf [n] i32: 0 is the boundary; what comes next in the corpus stands between an entry and its boundary
 * Cost     8 bytes a symbol
 */
import { utf8At } from "../text/byte-characters.js";
import type { SeedEntry } from "./unigram-seeds.js";

export interface SeedAlphabet {
  readonly symbols: Int32Array;
  readonly entryOf: Int32Array;
  /** Symbols of the longest piece. */
  readonly maxLength: number;
  /** What `read` has read last. */
  readonly codes: Int32Array;
  /** Reads whole characters into `codes` and gives how many; 0 where the symbols are none or hold a boundary. */
  read(place: number, length: number): number;
}

const BOUNDARY = 0;

export function alphabetOfCharacters(
  entries: readonly SeedEntry[],
  maxPieceLength: number,
): SeedAlphabet {
  const { symbols, entryOf } = written(entries, (text) => {
    const codes: number[] = [];
    for (const character of text) codes.push(character.codePointAt(0)!);
    return codes;
  });
  const codes = new Int32Array(maxPieceLength);
  return {
    symbols,
    entryOf,
    codes,
    maxLength: maxPieceLength,
    read(place, length) {
      for (let i = 0; i < length; i++) {
        codes[i] = symbols[place + i]!;
        if (codes[i] === BOUNDARY) return 0;
      }
      return length;
    },
  };
}

/** Bytes of UTF-8 of a character at most. */
const WIDEST = 4;

export function alphabetOfBytes(
  entries: readonly SeedEntry[],
  maxPieceLength: number,
): SeedAlphabet {
  const buffer = new Uint8Array(WIDEST);
  const { symbols, entryOf } = written(entries, (text) => {
    const bytes: number[] = [];
    for (let at = 0; at < text.length; ) {
      const count = utf8At(text, at, text.length, buffer);
      for (let i = 0; i < count; i++) bytes.push(buffer[i]!);
      at += count === WIDEST ? 2 : 1;
    }
    return bytes;
  });
  const maxLength = maxPieceLength * WIDEST;
  const codes = new Int32Array(maxLength);
  const isInside = (symbol: number): boolean => (symbol & 0xc0) === 0x80;
  return {
    symbols,
    entryOf,
    codes,
    maxLength,
    read(place, length) {
      const end = place + length;
      if (isInside(symbols[place]!) || (end < symbols.length && isInside(symbols[end]!))) return 0;
      let count = 0;
      for (let at = place; at < end; at++) {
        const byte = symbols[at]!;
        if (byte === BOUNDARY) return 0;
        if (isInside(byte)) codes[count - 1] = (codes[count - 1]! << 6) | (byte & 0x3f);
        else
          codes[count++] = byte < 0x80 ? byte : byte & (byte < 0xe0 ? 0x1f : byte < 0xf0 ? 0xf : 7);
      }
      return count;
    },
  };
}

function written(entries: readonly SeedEntry[], write: (text: string) => readonly number[]) {
  const parts = entries.map(({ text, next = "" }) => write(text + next));
  const length = parts.reduce((sum, part) => sum + part.length + 1, 0);
  const symbols = new Int32Array(length);
  const entryOf = new Int32Array(length);
  let at = 0;
  parts.forEach((part, entry) => {
    symbols.set(part, at);
    entryOf.fill(entry, at, at + part.length + 1);
    at += part.length + 1;
  });
  return { symbols, entryOf };
}
