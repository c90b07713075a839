/**
 * Tokens that may be taken out again: what each was made of, how often it occurs, and where.
 *
 * Shapes   by id: spans the characters of a token, counts its occurrences, weighted
 * Cost     4 to 8 bytes a place; a removal takes its parts and theirs
 */
import { Vocabulary } from "./vocabulary.js";

export class PickyTokens {
  readonly vocabulary = new Vocabulary();
  readonly spans: number[] = [];
  readonly counts: number[] = [];
  readonly #isPresent: boolean[] = [];
  readonly #madeOf: (readonly [left: number, right: number] | null)[] = [];
  /** Where each may stand; also where it no longer does. Not of characters, which stay. */
  readonly #places: number[][] = [];

  constructor(characters: Iterable<readonly [character: string, count: number]>) {
    for (const [character, count] of characters) this.#add(character, 1, count, null);
  }

  /** The token of both together; it is new, or comes back, or is there. */
  join(left: number, right: number): number {
    const { tokens } = this.vocabulary;
    const text = tokens[left]! + tokens[right]!;
    const known = this.vocabulary.idOf(text);
    if (known === undefined)
      return this.#add(text, this.spans[left]! + this.spans[right]!, 0, [left, right]);
    this.#isPresent[known] = true;
    return known;
  }

  note(id: number, place: number): void {
    if (this.spans[id]! > 1) this.#places[id]!.push(place);
  }

  placesOf(id: number): readonly number[] {
    return this.#places[id]!;
  }

  /** Takes a token out; its occurrences become those of the tokens that it is made of and that are left. */
  remove(id: number): number[] {
    this.#isPresent[id] = false;
    const parts: number[] = [];
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (this.#isPresent[next]) parts.push(next);
      else open.push(this.#madeOf[next]![1], this.#madeOf[next]![0]);
    }
    for (const part of parts) this.counts[part]! += this.counts[id]!;
    this.counts[id] = 0;
    this.#places[id] = [];
    return parts;
  }

  present(): string[] {
    return this.vocabulary.tokens.filter((_, id) => this.#isPresent[id]);
  }

  #add(
    text: string,
    span: number,
    count: number,
    madeOf: readonly [number, number] | null,
  ): number {
    const id = this.vocabulary.add(text);
    this.spans[id] = span;
    this.counts[id] = count;
    this.#isPresent[id] = true;
    this.#madeOf[id] = madeOf;
    this.#places[id] = [];
    return id;
  }
}
