/**
 * Texts as bytes of UTF-8 in a larger array. A lone surrogate takes three bytes of its own, so that any string has a form.
 *
 * Paper    none (WTF-8)
 * Cost     O(bytes); no string is made on the way
 * Errors   none: the bytes were written by `appendTo`, or checked where the file was read
 */

/** Units of a text that are turned into a string at once. */
const CHUNK = 4096;

export function textAt(bytes: Uint8Array, start: number, end: number): string {
  const units = new Uint16Array(Math.min(end - start, CHUNK + 1));
  let text = "";
  let length = 0;
  for (let at = start; at < end; ) {
    const first = bytes[at]!;
    if (first < 0x80) {
      units[length++] = first;
      at++;
    } else if (first < 0xe0) {
      units[length++] = ((first & 0x1f) << 6) | (bytes[at + 1]! & 0x3f);
      at += 2;
    } else if (first < 0xf0) {
      units[length++] =
        ((first & 0x0f) << 12) | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
      at += 3;
    } else {
      const code =
        ((first & 0x07) << 18) |
        ((bytes[at + 1]! & 0x3f) << 12) |
        ((bytes[at + 2]! & 0x3f) << 6) |
        (bytes[at + 3]! & 0x3f);
      units[length++] = 0xd7c0 + (code >> 10);
      units[length++] = 0xdc00 | (code & 0x3ff);
      at += 4;
    }
    if (length >= CHUNK) {
      text += String.fromCharCode.apply(null, units.subarray(0, length) as unknown as number[]);
      length = 0;
    }
  }
  return text + String.fromCharCode.apply(null, units.subarray(0, length) as unknown as number[]);
}

/** Bytes that a text of `length` units takes at most. */
export const roomFor = (length: number): number => length * 3;

/** Writes the bytes of `text` to `out` at `at`, where there must be room; returns where they end. */
export function appendTo(out: Uint8Array, at: number, text: string): number {
  let end = at;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) out[end++] = unit;
    else if (unit < 0x800) {
      out[end++] = 0xc0 | (unit >> 6);
      out[end++] = 0x80 | (unit & 0x3f);
    } else {
      const low = (unit & 0xfc00) === 0xd800 ? text.charCodeAt(i + 1) : 0;
      if ((low & 0xfc00) === 0xdc00) {
        end = appendCode(out, end, ((unit - 0xd7c0) << 10) | (low & 0x3ff));
        i++;
      } else end = appendCode(out, end, unit);
    }
  }
  return end;
}

/** Writes a code point, or a lone surrogate, to `out` at `at`; returns where it ends. */
export function appendCode(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    out[at] = 0xc0 | (code >> 6);
    out[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    out[at] = 0xe0 | (code >> 12);
    out[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    out[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  out[at] = 0xf0 | (code >> 18);
  out[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  out[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  out[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}
