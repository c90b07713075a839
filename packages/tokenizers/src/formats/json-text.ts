/**
 * Goes over the bytes of a text in JSON.
 *
 * Paper    none (RFC 8259, RFC 3629)
 * Cost     O(bytes), no allocation
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * From a place inside a text, the place of the first quote, backslash, control character or byte that is no UTF-8; the
 * length of `bytes` where there is none.
 */
export function textStop(bytes: Uint8Array, from: number): number {
  const { length } = bytes;
  let at = from;
  while (at < length) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      if (byte === QUOTE || byte === BACKSLASH || byte < 0x20) return at;
      at++;
    } else if (byte >= 0xc2 && byte < 0xe0) {
      if (at + 1 >= length || (bytes[at + 1]! & 0xc0) !== 0x80) return at;
      at += 2;
    } else {
      const width = wideWidth(bytes, at);
      if (width === 0) return at;
      at += width;
    }
  }
  return length;
}

/** Bytes of a character of three or four of them, 0 where there is none. */
function wideWidth(bytes: Uint8Array, at: number): number {
  const width = bytes[at]! < 0xf0 ? 3 : 4;
  if (at + width > bytes.length) return 0;
  const first = bytes[at]!;
  const second = bytes[at + 1]!;
  if ((second & 0xc0) !== 0x80 || (bytes[at + 2]! & 0xc0) !== 0x80) return 0;
  if (width === 3) {
    // Not shorter forms, not surrogates.
    const isFine = first === 0xe0 ? second >= 0xa0 : first !== 0xed || second < 0xa0;
    return first >= 0xe0 && isFine ? 3 : 0;
  }
  if ((bytes[at + 3]! & 0xc0) !== 0x80 || first > 0xf4) return 0;
  return (first !== 0xf0 || second >= 0x90) && (first !== 0xf4 || second < 0x90) ? 4 : 0;
}

/** The code unit of four hexadecimal digits at `at`, -1 where they are none. */
export function hexadecimal(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i] ?? 0;
    const letter = (byte | 0x20) - 0x61;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isDigit && (letter < 0 || letter > 5)) return -1;
    value = value * 16 + (isDigit ? byte - 0x30 : letter + 10);
  }
  return value;
}
