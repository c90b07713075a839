/**
 * What BoundlessBPE trains on: words as chains of tokens, and texts as chains of words.
 *
 * Shapes   texts of tokens and words are strings of units 0 to 255, one a byte
 * Cost     12 bytes a byte of different words, 16 bytes a word of all texts
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { wellFormed } from "../encoding/options.js";
import { boundlessWords } from "./boundless-pattern.js";
import { textOfUnits, unitsOf } from "./byte-text.js";
import { CountedPairs } from "./counted-pairs.js";
import type { Pace } from "./pace.js";
import { TokenChain } from "./token-chain.js";
import { Vocabulary } from "./vocabulary.js";
import type { Corpus } from "./word-counts.js";

export interface Pieces {
  readonly words: Vocabulary;
  readonly counts: readonly number[];
  /** The words of each text by number. */
  readonly texts: readonly Uint32Array[];
}

export async function boundlessPieces(
  where: string,
  corpus: Corpus,
  pattern: string,
  pace: Pace,
): Promise<Pieces> {
  const split = boundlessWords(pattern);
  const words = new Vocabulary();
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const texts: Uint32Array[] = [];
  for await (const text of corpus) {
    const ids = split(wellFormed(text, `corpus[${texts.length}]`)).map((piece) => {
      const known = numbers.get(piece);
      const id = known ?? words.add(unitsOf(piece));
      if (known === undefined) numbers.set(piece, id);
      counts[id] = (counts[id] ?? 0) + 1;
      return id;
    });
    texts.push(Uint32Array.from(ids));
    if (pace.spend(ids.length * 16)) await pace.rest("splitting texts", texts.length);
  }
  if (words.size === 0)
    throw new ArgumentError(
      where,
      "corpus",
      "texts with at least one word",
      `${texts.length} texts`,
    );
  return { words, counts, texts };
}

/** The different words, each a chain of tokens that begin as bytes. */
export class Tokens {
  readonly #vocabulary = new Vocabulary();
  readonly counts: number[] = [];
  readonly #madeOf: (readonly [number, number])[] = [];
  /** Where each token of more than a byte may stand. */
  readonly #places: number[][] = [];
  readonly #chain: TokenChain;
  readonly #pairs: CountedPairs;
  readonly #intoBytes: boolean;

  constructor({ words, counts }: Pieces, isMade: (text: string) => boolean, intoBytes: boolean) {
    this.#intoBytes = intoBytes;
    for (let byte = 0; byte < 256; byte++) {
      this.#vocabulary.add(String.fromCharCode(byte));
      this.counts.push(0);
    }
    const bytes = words.tokens.reduce((sum, word) => sum + word.length, 0);
    this.#chain = new TokenChain(bytes, words.size);
    words.tokens.forEach((word, id) => {
      this.#chain.addWord(counts[id]!);
      for (let i = 0; i < word.length; i++) {
        this.#chain.addToken(word.charCodeAt(i));
        this.counts[word.charCodeAt(i)]! += counts[id]!;
      }
    });
    this.#pairs = new CountedPairs(this.#chain, this.texts, { isOpen: () => true, isMade });
    for (const place of this.#chain.places()) this.#pairs.meet(place);
  }

  get texts(): readonly string[] {
    return this.#vocabulary.tokens;
  }

  best(): ReturnType<CountedPairs["best"]> {
    return this.#pairs.best();
  }

  /** `isWord`: some word is now this token. */
  merge(left: number, right: number): { text: string; isWord: boolean; places: number } {
    const text = this.texts[left]! + this.texts[right]!;
    const product = this.#vocabulary.add(text);
    this.#madeOf[product] = [left, right];
    const places: number[] = [];
    let isWord = false;
    const merged = this.#pairs.merge(left, right, product, (place) => {
      places.push(place);
      isWord ||= this.#chain.previous(place) === -1 && this.#chain.next(place) === -1;
    });
    this.#places[product] = places;
    this.counts[product] = merged;
    this.counts[left]! -= merged;
    this.counts[right]! -= merged;
    return { text, isWord, places: places.length };
  }

  remove(token: number): void {
    const text = this.texts[token]!;
    const parts = this.#intoBytes
      ? Array.from(text, (byte) => byte.charCodeAt(0))
      : this.#madeOf[token]!;
    const places = this.#places[token]!;
    this.#places[token] = [];
    const count = this.counts[token]!;
    this.counts[token] = 0;
    for (const part of parts) this.counts[part]! += count;
    const spanOf = (id: number): number => this.texts[id]!.length;
    this.#pairs.split(token, places, parts, spanOf, (id, place) => this.#places[id]?.push(place));
  }
}

/** At least one letter behind the first character; letters, spaces, underscores and apostrophes. */
const WORDS = /^(?=.+\p{L})(?:\p{L}\p{M}*|[ _'’])+$/u;

/** The texts, each a chain of words; a word may merge once it is a token. */
export class Sentences {
  readonly #vocabulary = new Vocabulary();
  readonly #isOpen: boolean[] = [];
  readonly #places: number[][];
  readonly #chain: TokenChain;
  readonly #pairs: CountedPairs;

  constructor({ words, texts }: Pieces, isMade: (text: string) => boolean) {
    for (const word of words.tokens) this.#vocabulary.add(word);
    this.#places = words.tokens.map(() => []);
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    this.#chain = new TokenChain(length, texts.length);
    for (const text of texts) {
      this.#chain.addWord(1);
      for (const word of text) {
        this.#places[word]!.push(this.#chain.length);
        this.#chain.addToken(word);
      }
    }
    const isOpen = (token: number): boolean => this.#isOpen[token] === true;
    this.#pairs = new CountedPairs(this.#chain, this.texts, { isOpen, isMade });
  }

  get texts(): readonly string[] {
    return this.#vocabulary.tokens;
  }

  best(): ReturnType<CountedPairs["best"]> {
    return this.#pairs.best();
  }

  /** The word may merge from now on, if it is of the kind that does. */
  open(word: string): void {
    const id = this.#vocabulary.idOf(word);
    const text = textOfUnits(word);
    if (id === undefined || text === undefined || !WORDS.test(text)) return;
    this.#open(id);
  }

  #open(id: number): void {
    if (this.#isOpen[id]) return;
    this.#isOpen[id] = true;
    for (const place of this.#places[id] ?? []) {
      if (this.#chain.ids[place] !== id) continue;
      const before = this.#chain.previous(place);
      if (before !== -1 && this.#chain.ids[before] !== id) this.#pairs.meet(before);
      this.#pairs.meet(place);
    }
  }

  /** Gives the number of merges. */
  merge(left: number, right: number): number {
    const product = this.#vocabulary.add(this.texts[left]! + this.texts[right]!);
    if (left !== right) this.#open(product);
    return this.#pairs.merge(left, right, product, () => {});
  }
}
