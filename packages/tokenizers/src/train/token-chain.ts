/**
 * The words of a corpus as chains of tokens that are merged in place.
 *
 * Shapes   ids [n] i32: the token that begins at place p, -1 within a token; spans [n] u32: how many first symbols the
 *          token covers, at its first and at its last place; wordOf [n] u32; weights [words] f64: how often each occurs
 * Cost     a merge is a few reads and writes; 12 bytes a symbol
 * Errors   none: the caller knows how many symbols there are
 */
export class TokenChain {
  readonly ids: Int32Array;
  readonly spans: Uint32Array;
  readonly wordOf: Uint32Array;
  readonly weights: Float64Array;
  /** Places in use. */
  length = 0;
  wordCount = 0;

  constructor(symbolLimit: number, wordLimit: number) {
    this.ids = new Int32Array(symbolLimit);
    this.spans = new Uint32Array(symbolLimit).fill(1);
    this.wordOf = new Uint32Array(symbolLimit);
    this.weights = new Float64Array(wordLimit);
  }

  /** Begins the next word. */
  addWord(weight: number): void {
    this.weights[this.wordCount++] = weight;
  }

  /** Adds a token to the word that was begun last. */
  addToken(id: number, span = 1): void {
    const at = this.length;
    this.length += span;
    for (let place = at; place < this.length; place++) {
      this.ids[place] = -1;
      this.wordOf[place] = this.wordCount - 1;
    }
    this.ids[at] = id;
    this.spans[at] = span;
    this.spans[this.length - 1] = span;
  }

  /** The place of the next token of the same word, -1 at its end. */
  next(at: number): number {
    const next = at + this.spans[at]!;
    return next < this.length && this.wordOf[next] === this.wordOf[at] ? next : -1;
  }

  /** The place of the token before it in the same word, -1 at its start. */
  previous(at: number): number {
    if (at === 0 || this.wordOf[at - 1] !== this.wordOf[at]) return -1;
    return at - this.spans[at - 1]!;
  }

  /** Whether the pair stands at the place, which may be within a token by now. */
  holds(at: number, left: number, right: number): boolean {
    if (this.ids[at] !== left) return false;
    const next = this.next(at);
    return next !== -1 && this.ids[next] === right;
  }

  /** Makes the tokens at the two places, neighbors, one. */
  merge(at: number, next: number, product: number): void {
    const end = next + this.spans[next]!;
    this.ids[at] = product;
    this.ids[next] = -1;
    this.spans[at] = end - at;
    this.spans[end - 1] = end - at;
  }

  /** Makes two words that are one token each, at the two places, one token of the first word. */
  mergeWords(at: number, next: number, product: number): void {
    const end = next + this.spans[next]!;
    this.merge(at, next, product);
    this.wordOf[end - 1] = this.wordOf[at]!;
  }

  /** Puts tokens that cover as many symbols together in place of the one at the place. */
  split(at: number, parts: readonly number[], spanOf: (id: number) => number): void {
    const word = this.wordOf[at]!;
    let place = at;
    for (const id of parts) {
      const span = spanOf(id);
      this.ids[place] = id;
      for (const end of [place, place + span - 1]) {
        this.spans[end] = span;
        this.wordOf[end] = word;
      }
      place += span;
    }
  }

  /** The places of the tokens of all words, one after the other. */
  *places(): Generator<number> {
    for (let at = 0; at < this.length; at += this.spans[at]!) yield at;
  }
}
