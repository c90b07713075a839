/**
 * Cuts a text into the chunks of a lexicon: the longest at each place.
 *
 * Paper    LiB, arXiv:2403.00417, by its released reader
 * Shapes   a sentence  ->  chunks; a character that no chunk begins with is one by itself
 * Cost     O(n L) for n characters and chunks of at most L; `lookAhead` also what both ways take until they meet
 * Differs  the released code holds the look-ahead too and does not use it
 * Errors   ArgumentError: a lexicon with an empty or a repeated chunk, maxLength that is no whole number from 1 up; from
 *          `encode` a character that is not in the lexicon
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { wellFormed } from "../encoding/options.js";
import { Lexicon } from "./lexicon.js";
import type { EventEncoder } from "./picky-bpe.js";

export interface LibOptions {
  /** Characters of a chunk at most. Default: 12. */
  readonly maxLength?: number;
  /** Take the second longest chunk where that goes on better, as in training. Default: false. */
  readonly lookAhead?: boolean;
}

const WHERE = "libEncoder";

/** `lexicon`: chunks in the order of their priority; its places are the ids. */
export function libEncoder(
  lexicon: readonly string[],
  { maxLength = 12, lookAhead = false }: LibOptions = {},
): EventEncoder {
  if (!Number.isInteger(maxLength) || maxLength < 1)
    throw new ArgumentError(WHERE, "maxLength", "a whole number from 1 up", maxLength);
  const known = new Lexicon();
  for (const [i, chunk] of lexicon.entries()) {
    if (typeof chunk !== "string" || chunk === "" || known.has(chunk))
      throw new ArgumentError(WHERE, `lexicon[${i}]`, "a text that is not there yet", chunk);
    known.append(chunk);
  }

  function tokenize(text: string): string[] {
    const characters = [...wellFormed(text)];
    const chunks: string[] = [];
    for (let at = 0; at < characters.length; ) {
      const [longest, second] = known.match(
        characters,
        at,
        Math.min(at + maxLength, characters.length),
      );
      const first = new Way(known, characters, at, Math.max(longest, 1), maxLength);
      let taken = first;
      if (lookAhead && longest > 1 && second > 0) {
        const other = new Way(known, characters, at, second, maxLength);
        while (first.end !== other.end) (first.end > other.end ? other : first).goOn();
        if (other.isBetterThan(first)) taken = other;
      }
      for (const chunk of taken.chunks) chunks.push(chunk);
      at = taken.end;
    }
    return chunks;
  }

  return {
    tokenize,
    encode: (text) =>
      Uint32Array.from(tokenize(text), (chunk) => {
        const place = known.placeOf(chunk);
        if (place === undefined)
          throw new ArgumentError(WHERE, "text", "made of characters of the lexicon", chunk);
        return place;
      }),
  };
}

/** One way to read on from a place. */
class Way {
  readonly #lexicon: Lexicon;
  readonly #characters: readonly string[];
  readonly #maxLength: number;
  readonly chunks: string[];
  end: number;
  #unknown = 0;

  constructor(
    lexicon: Lexicon,
    characters: readonly string[],
    at: number,
    length: number,
    maxLength: number,
  ) {
    this.#lexicon = lexicon;
    this.#characters = characters;
    this.#maxLength = maxLength;
    this.end = at + length;
    this.chunks = [characters.slice(at, this.end).join("")];
  }

  goOn(): void {
    const at = this.end;
    const end = Math.min(at + this.#maxLength, this.#characters.length);
    const [longest] = this.#lexicon.match(this.#characters, at, end);
    if (longest === 0) this.#unknown++;
    this.end += Math.max(longest, 1);
    this.chunks.push(this.#characters.slice(at, this.end).join(""));
  }

  /** Fewer unknown characters, else fewer chunks, else chunks of a higher priority. */
  isBetterThan(other: Way): boolean {
    if (this.#unknown !== other.#unknown) return this.#unknown < other.#unknown;
    if (this.chunks.length !== other.chunks.length) return this.chunks.length < other.chunks.length;
    return this.#places() < other.#places();
  }

  #places(): number {
    const unknown = this.#lexicon.chunks.length;
    return this.chunks.reduce((sum, chunk) => sum + (this.#lexicon.placeOf(chunk) ?? unknown), 0);
  }
}
