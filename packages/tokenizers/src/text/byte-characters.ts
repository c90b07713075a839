/**
 * The byte alphabet of GPT-2: each byte as one printable character.
 *
 * Paper    none (the GPT-2 release): bytes 33-126, 161-172 and 174-255 stand for themselves, the other 68 in ascending
 *          order for U+0100 and up
 */

/** The code of the character of each byte, [256] u16. */
export function byteCharacters(): Uint16Array {
  const codes = new Uint16Array(256);
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    codes[byte] = printable ? byte : next++;
  }
  return codes;
}

/** The byte of each character code below 0x144, -1 for the others, [0x144] i16. */
export function characterBytes(): Int16Array {
  const bytes = new Int16Array(0x144).fill(-1);
  byteCharacters().forEach((code, byte) => {
    bytes[code] = byte;
  });
  return bytes;
}

/**
 * Writes the UTF-8 bytes of the character at `unit` to `out` and returns how many. A lone surrogate gives the bytes of
 * U+FFFD.
 */
export function utf8At(text: string, unit: number, end: number, out: Uint8Array): number {
  let code = text.charCodeAt(unit);
  if (code < 0x80) {
    out[0] = code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = 0xc0 | (code >> 6);
    out[1] = 0x80 | (code & 63);
    return 2;
  }
  if ((code & 0xf800) === 0xd800) {
    const low = unit + 1 < end ? text.charCodeAt(unit + 1) : 0;
    if ((code & 0xfc00) === 0xd800 && (low & 0xfc00) === 0xdc00) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
      out[0] = 0xf0 | (code >> 18);
      out[1] = 0x80 | ((code >> 12) & 63);
      out[2] = 0x80 | ((code >> 6) & 63);
      out[3] = 0x80 | (code & 63);
      return 4;
    }
    code = 0xfffd;
  }
  out[0] = 0xe0 | (code >> 12);
  out[1] = 0x80 | ((code >> 6) & 63);
  out[2] = 0x80 | (code & 63);
  return 3;
}
