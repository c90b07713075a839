/**
 * The compiled character map of SentencePiece: a double-array trie over UTF-8, and the texts that its values point to.
 *
 * Shapes   u32 size of the trie in bytes; the trie, u32 units; the texts, each ended by a zero byte
 * Cost     a look-up is O(bytes of the match)
 * Errors   FormatError: cut short
 */
import { invalid } from "../formats/fields.js";

export class Charsmap {
  readonly #units: Uint32Array;
  readonly #texts: Uint8Array;
  readonly #known = new Map<number, string>();
  /** Bytes that the last `find` matched. */
  matched = 0;

  constructor(blob: Uint8Array, path: string) {
    const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
    const size = blob.length >= 4 ? view.getUint32(0, true) : -1;
    if (size < 4 || size % 4 !== 0 || size + 4 > blob.length)
      throw invalid(path, "is not a compiled character map");
    this.#units = Uint32Array.from({ length: size / 4 }, (_, i) => view.getUint32(4 + i * 4, true));
    this.#texts = blob.slice(4 + size);
  }

  /**
   * What stands for the bytes from `start` on: the text of the shortest match, or of the longest; undefined where none
   * matches.
   */
  find(bytes: Uint8Array, start: number, end: number, longest: boolean): string | undefined {
    const units = this.#units;
    let place = offsetOf(units[0]!);
    let value = -1;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === 0) break;
      place ^= byte;
      const unit = place < units.length ? units[place]! : 0;
      if ((unit & 0x800000ff) !== byte) break;
      place ^= offsetOf(unit);
      if ((unit & 0x100) === 0) continue;
      value = (place < units.length ? units[place]! : 0) & 0x7fffffff;
      this.matched = i + 1 - start;
      if (!longest) break;
    }
    return value < 0 ? undefined : this.#textAt(value);
  }

  #textAt(place: number): string {
    let text = this.#known.get(place);
    if (text === undefined) {
      const end = this.#texts.indexOf(0, place);
      text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        this.#texts.subarray(place, end < 0 ? this.#texts.length : end),
      );
      this.#known.set(place, text);
    }
    return text;
  }
}

const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);

/** The bytes of a base64 text. */
export function fromBase64(text: string, path: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch (cause) {
    throw invalid(path, "is not base64", cause);
  }
}
