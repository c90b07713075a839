/**
 * Takes in stretches of a text as bytes of UTF-8, cut where every machine splits.
 *
 * Shapes   units [start, end) of a text  ->  bytes [length] u8, with ROOM bytes behind them that may be read
 * Cost     O(n); 3 bytes a unit of the longest stretch, given back at the next one that needs less
 * State    one stretch at a time
 */
import { isWhitespace } from "../added-tokens.js";
import { utf8At } from "../text/byte-characters.js";

/** Bytes behind the text: a word is read 16 bytes at a time. */
const ROOM = 16;
/** Units of a stretch, where the text can be cut there: its bytes and ids stay in the second-level cache. */
const STRETCH = 1 << 14;
/** Below so many units a loop is faster than a call of the encoder. */
const FEW = 24;

export class Utf8Chunk {
  bytes = new Uint8Array(STRETCH * 3 + ROOM);
  view = new DataView(this.bytes.buffer);
  readonly #encoder = new TextEncoder();
  readonly #character = new Uint8Array(4);

  /** Takes in `text[start, end)`; a lone surrogate counts as U+FFFD. Gives the number of bytes. */
  read(text: string, start: number, end: number): number {
    const room = Math.max(STRETCH, end - start) * 3 + ROOM;
    if (room !== this.bytes.length) {
      this.bytes = new Uint8Array(room);
      this.view = new DataView(this.bytes.buffer);
    }
    if (end - start < FEW) return this.#readFew(text, start, end);
    const part = start === 0 && end === text.length ? text : text.slice(start, end);
    return this.#encoder.encodeInto(part, this.bytes).written;
  }

  #readFew(text: string, start: number, end: number): number {
    const { bytes } = this;
    let length = 0;
    for (let at = start; at < end; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80) bytes[length++] = unit;
      else {
        const count = utf8At(text, at, end, this.#character);
        for (let i = 0; i < count; i++) bytes[length++] = this.#character[i]!;
        if (count === 4) at++;
      }
    }
    return length;
  }
}

/** End of the stretch that begins at `start`: before a space behind a character that is not whitespace, or at the end. */
export function stretchEnd(text: string, start: number): number {
  if (text.length - start <= STRETCH) return text.length;
  const isCut = (at: number): boolean =>
    text.charCodeAt(at) === 0x20 && !isWhitespace(text.charCodeAt(at - 1));
  for (let at = start + STRETCH; at > start + STRETCH / 2; at--) if (isCut(at)) return at;
  for (let at = start + STRETCH; at < text.length; at++) if (isCut(at)) return at;
  return text.length;
}
