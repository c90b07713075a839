/**
 * The vocabulary of a byte-level model as bytes.
 *
 * Shapes   bytes [sum of lengths] u8, offsets [V + 1] u32: token t is `bytes[offsets[t], offsets[t + 1])`, empty where the
 *          file has no such id or the token no bytes; byteIds [256] i32
 * Cost     O(vocabulary)
 */
import type { BpeParts } from "../models/bpe.js";
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
export function byteVocabulary(parts: BpeParts): ByteVocabulary | null {
  if (!parts.bytes || parts.prefix !== "" || parts.suffix !== "") return null;
  const tokens: string[] = [];
  let size = 0;
  let units = 0;
  for (const [token, id] of parts.vocabulary) {
    if (id >= ID_LIMIT) return null;
    tokens[id] = token;
    size = Math.max(size, id + 1);
    units += token.length;
  }
  const bytes = new Uint8Array(units);
  const offsets = new Uint32Array(size + 1);
  const byteIds = new Int32Array(256).fill(-1);
  const byteOf = characterBytes();
  let length = 0;
  let longest = 0;
  for (let id = 0; id < size; id++) {
    const start = length;
    const token = tokens[id] ?? "";
    for (let i = 0; i < token.length; i++) {
      const byte = byteOf[token.charCodeAt(i)] ?? -1;
      if (byte < 0) {
        length = start;
        break;
      }
      bytes[length++] = byte;
    }
    offsets[id + 1] = length;
    if (length - start === 1) byteIds[bytes[start]!] = id;
    longest = Math.max(longest, length - start);
  }
  if (byteIds.includes(-1)) return null;
  return { size, bytes: bytes.slice(0, length), offsets, byteIds, longest };
}
