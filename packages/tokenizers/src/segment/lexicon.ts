/**
 * Chunks in the order of their priority, and as a trie.
 *
 * Cost     a match O(length of the longest chunk that might be); moving or removing O(chunks)
 * State    the places of chunks are exact until the first move after `number`
 */
interface Node {
  isChunk: boolean;
  readonly next: Map<string, Node>;
}

export class Lexicon {
  #chunks: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #root: Node = { isChunk: false, next: new Map() };

  get chunks(): readonly string[] {
    return this.#chunks;
  }

  has(chunk: string): boolean {
    return this.#places.has(chunk);
  }

  /** The higher it is, the less a chunk counts. */
  placeOf(chunk: string): number | undefined {
    return this.#places.get(chunk);
  }

  append(chunk: string): void {
    let node = this.#root;
    for (const character of chunk) {
      let next = node.next.get(character);
      if (next === undefined) {
        next = { isChunk: false, next: new Map() };
        node.next.set(character, next);
      }
      node = next;
    }
    node.isChunk = true;
    this.#places.set(chunk, this.#chunks.push(chunk) - 1);
  }

  /** Characters of the longest chunk and of the second longest that begin at `at`; 0: none. */
  match(
    characters: readonly string[],
    at: number,
    end: number,
  ): readonly [longest: number, second: number] {
    let node: Node | undefined = this.#root;
    let [longest, second] = [0, 0];
    for (let i = at; i < end; i++) {
      node = node.next.get(characters[i]!);
      if (node === undefined) break;
      if (node.isChunk) [longest, second] = [i + 1 - at, longest];
    }
    return [longest, second];
  }

  remove(chunks: readonly string[]): void {
    const gone = new Set(chunks.filter((chunk) => this.has(chunk)));
    for (const chunk of gone) this.#forget(chunk);
    this.#chunks = this.#chunks.filter((chunk) => !gone.has(chunk));
    this.number();
  }

  /** Moves a chunk by a share of its place and one more, to the front or to the back; behind the end it is gone. */
  move(chunk: string, isBack: boolean, share: number): void {
    const place = this.#chunks.indexOf(chunk);
    if (place <= 0) return;
    const step = Math.trunc(place * share) + 1;
    this.#chunks.splice(place, 1);
    if (!isBack) this.#chunks.splice(place - step, 0, chunk);
    else if (place + step <= this.#chunks.length) this.#chunks.splice(place + step, 0, chunk);
    else this.#forget(chunk);
  }

  /** To be called after moves. */
  number(): void {
    for (const [place, chunk] of this.#chunks.entries()) this.#places.set(chunk, place);
  }

  #forget(chunk: string): void {
    this.#places.delete(chunk);
    const path: (readonly [Node, string])[] = [];
    let node = this.#root;
    for (const character of chunk) {
      path.push([node, character]);
      node = node.next.get(character)!;
    }
    node.isChunk = false;
    for (const [above, character] of path.reverse()) {
      const below = above.next.get(character)!;
      if (below.isChunk || below.next.size > 0) break;
      above.next.delete(character);
    }
  }
}
