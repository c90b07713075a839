/**
 * The vocabulary of a byte-level model as bytes.
 *
 * Shapes   bytes [sum of lengths] u8, offsets [V + 1] u32: token t is `bytes[offsets[t], offsets[t + 1])`, empty where the
 *          file has no such id or the token no bytes; byteIds [256] i32
 * Cost     O(vocabulary)
 */
import type { BpeParts } from "../models/bpe.js";
import { TokenArena } from "../models/token-arena.js";
import { characterBytes } from "../text/byte-characters.js";

/** Ids at and above it do not fit the tables: they keep an id in 20 bits. */
const ID_LIMIT = (1 << 20) - 1;

export interface ByteVocabulary {
  readonly size: number;
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly byteIds: Int32Array;
  /** Bytes of the longest token. */
  readonly longest: number;
}

/** Null where the model does not read bytes, or the vocabulary lacks some. */
export function byteVocabulary(parts: Omit<BpeParts, "pairs">): ByteVocabulary | null {
  if (parts.asBytes !== undefined) return parts.asBytes;
  if (!parts.bytes || parts.prefix !== "" || parts.suffix !== "") return null;
  const arena = TokenArena.of(parts.vocabulary);
  if (arena.highest >= ID_LIMIT) return null;
  const size = arena.highest + 1;
  const bytes = new Uint8Array(characterCount(arena.bytes));
  const offsets = new Uint32Array(size + 1);
  const byteIds = new Int32Array(256).fill(-1);
  const byteOf = characterBytes();
  let length = 0;
  let longest = 0;
  for (let id = 0; id < size; id++) {
    const start = length;
    const entry = arena.entryOf(id);
    if (entry >= 0) length = readAlphabet(arena, entry, byteOf, bytes, start);
    offsets[id + 1] = length;
    if (length - start === 1) byteIds[bytes[start]!] = id;
    longest = Math.max(longest, length - start);
  }
  if (byteIds.includes(-1)) return null;
  return { size, bytes: bytes.subarray(0, length), offsets, byteIds, longest };
}

/** Characters in UTF-8. */
function characterCount(bytes: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < bytes.length; i++) if ((bytes[i]! & 0xc0) !== 0x80) count++;
  return count;
}

/** Writes the bytes that a token stands for to `out` at `at`; returns where they end, `at` if it has other characters. */
function readAlphabet(
  { bytes, offsets }: TokenArena,
  entry: number,
  byteOf: Int16Array,
  out: Uint8Array,
  at: number,
): number {
  const end = offsets[entry + 1]!;
  let length = at;
  for (let i = offsets[entry]!; i < end; i++) {
    const first = bytes[i]!;
    if (first >= 0xe0) return at;
    const code = first < 0x80 ? first : ((first & 0x1f) << 6) | (bytes[++i]! & 0x3f);
    const byte = code < byteOf.length ? byteOf[code]! : -1;
    if (byte < 0) return at;
    out[length++] = byte;
  }
  return length;
}
