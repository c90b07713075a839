/** Tokens in the order of their ids, each once. */
export class Vocabulary {
  readonly tokens: string[] = [];
  readonly #ids = new Map<string, number>();

  get size(): number {
    return this.tokens.length;
  }

  idOf(token: string): number | undefined {
    return this.#ids.get(token);
  }

  /** The id of the token, a new one where it is not there yet. */
  add(token: string): number {
    const known = this.#ids.get(token);
    if (known !== undefined) return known;
    const id = this.tokens.push(token) - 1;
    this.#ids.set(token, id);
    return id;
  }
}
