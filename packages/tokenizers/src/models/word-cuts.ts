/**
 * Where a long piece may be cut before a `▁`, so that its words can be encoded, and remembered, one by one.
 *
 * Cost     one look at the vocabulary's bytes; a cut costs nothing
 * Needs    a token for `▁`, and one for characters that the vocabulary lacks: nothing then merges over what is not there
 * Differs  nothing: no merge reaches over a cut, since no token holds the two characters beside it
 */
import type { TokenArena } from "./token-arena.js";

const SPACE = 0x2581;
/** `▁` in UTF-8. */
const [FIRST, SECOND, THIRD] = [0xe2, 0x96, 0x81];

export class WordCuts {
  /** Units that stand before a `▁` in some token. */
  readonly #joined = new Set<number>();

  constructor(vocabulary: TokenArena) {
    const { bytes, offsets, count } = vocabulary;
    for (let entry = 0; entry < count; entry++) {
      for (let at = offsets[entry]! + 1; at + 2 < offsets[entry + 1]!; at++) {
        if (bytes[at] !== FIRST || bytes[at + 1] !== SECOND || bytes[at + 2] !== THIRD) continue;
        this.#note(vocabulary.textAt(entry));
        break;
      }
    }
  }

  #note(token: string): void {
    for (let unit = 1; unit < token.length; unit++)
      if (token.charCodeAt(unit) === SPACE) this.#joined.add(token.charCodeAt(unit - 1));
  }

  /** The first cut behind `start` and before `end`; `end` where there is none. */
  next(text: string, start: number, end: number): number {
    for (let unit = start + 1; unit < end; unit++)
      if (text.charCodeAt(unit) === SPACE && !this.#joined.has(text.charCodeAt(unit - 1)))
        return unit;
    return end;
  }
}
