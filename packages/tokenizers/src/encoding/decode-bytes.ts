/**
 * The bytes that ids stand for, and where each begins in the text.
 *
 * Cost     O(bytes)
 * Differs  bytes that are not UTF-8 count as the original counts them: each byte that begins a character is one
 */
import { characterBytes } from "../text/byte-characters.js";
import type { TokenTable } from "../token-table.js";

export interface ByteDecoder {
  bytesOf(id: number): Uint8Array;
}

/** Of a vocabulary in the byte alphabet of GPT-2; a token with other characters stands for itself. */
export function byteDecoder(table: Pick<TokenTable, "tokenOf">): ByteDecoder {
  const byteOf = characterBytes();
  const encoder = new TextEncoder();
  return {
    bytesOf(id) {
      const token = table.tokenOf(id) ?? "";
      const bytes = new Uint8Array(token.length);
      for (let i = 0; i < token.length; i++) {
        const byte = byteOf[token.charCodeAt(i)] ?? -1;
        if (byte < 0) return encoder.encode(token);
        bytes[i] = byte;
      }
      return bytes;
    },
  };
}

export function joinedBytes(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** For each part the UTF-16 unit at which the character of its first byte begins. */
export function startsOf(parts: readonly Uint8Array[]): Uint32Array {
  let units = 0;
  let width = 0;
  return Uint32Array.from(parts, (part) => {
    const inside = part.length > 0 && (part[0]! & 0xc0) === 0x80;
    const start = Math.max(0, units - (inside ? width : 0));
    for (const byte of part) {
      if ((byte & 0xc0) === 0x80) continue;
      width = byte >= 0xf0 ? 2 : 1;
      units += width;
    }
    return start;
  });
}
