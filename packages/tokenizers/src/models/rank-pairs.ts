/**
 * The merges that a vocabulary by rank implies.
 *
 * Paper    none (the merging of tiktoken and of SentencePiece, where any two neighbors merge that make a token)
 * Cost     O(n log n) for n units of the vocabulary
 * Differs  as long as no merge crosses the bounds of a token, what happens inside it is what happens to it alone. So the
 *          two parts that it comes to alone are the only ones it can be made from
 */
import { PairTable } from "./pair-table.js";
import { Symbols } from "./symbols.js";
import { TokenArena } from "./token-arena.js";

/** `vocabulary`: token to id; the order of ids is the order of merges unless `rankOf` says otherwise. */
export function rankPairs(
  vocabulary: ReadonlyMap<string, number>,
  symbolOf: (character: string) => number = (character) => vocabulary.get(character) ?? -1,
  rankOf: (id: number) => number = (id) => id,
  onSplit?: (id: number, left: number, right: number) => void,
): PairTable {
  const arena = TokenArena.of(vocabulary);
  const { offsets } = arena;
  const ranked = Uint32Array.from({ length: arena.count }, (_, entry) => entry);
  const ranks = Float64Array.from(ranked, (entry) => rankOf(arena.idAt(entry)));
  ranked.sort((a, b) => ranks[a]! - ranks[b]!);
  const lengths = Uint32Array.from(ranked, (entry) => offsets[entry + 1]! - offsets[entry]!);
  const order = Uint32Array.from(ranked.keys());
  order.sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const pairs = new PairTable(arena.count);
  const symbols = new Symbols();
  for (const place of order) {
    const token = arena.textAt(ranked[place]!);
    const id = arena.idAt(ranked[place]!);
    symbols.clear();
    let known = true;
    for (const character of token) {
      const symbol = symbolOf(character);
      known &&= symbol >= 0;
      symbols.add(symbol, 0, 0);
    }
    if (!known || symbols.length < 2) continue;
    symbols.merge(pairs);
    const second = symbols.next[0]!;
    if (second === -1 || symbols.next[second] !== -1) continue;
    pairs.set(symbols.id[0]!, symbols.id[second]!, place, id);
    onSplit?.(id, symbols.id[0]!, symbols.id[second]!);
  }
  return pairs;
}

/**
 * Every two neighbors whose joined text is a token, also those that merging in order never meets: for merges that are left
 * out. Takes 24 bytes for each character of the vocabulary.
 */
export function neighborPairs(
  vocabulary: ReadonlyMap<string, number>,
  symbolOf: (character: string) => number = (character) => vocabulary.get(character) ?? -1,
  rankOf: (id: number) => number = (id) => id,
): PairTable {
  const tokens = Array.from(vocabulary, ([token, id]) => ({ token, id, rank: rankOf(id) }));
  tokens.sort((a, b) => a.rank - b.rank);
  const idOf = (text: string): number =>
    text.length === widthAt(text, 0) ? symbolOf(text) : (vocabulary.get(text) ?? -1);
  const pairs = new PairTable(tokens.reduce((sum, { token }) => sum + token.length, 0));
  tokens.forEach(({ token, id }, rank) => {
    for (let cut = widthAt(token, 0); cut < token.length; cut += widthAt(token, cut)) {
      const left = idOf(token.slice(0, cut));
      const right = left < 0 ? -1 : idOf(token.slice(cut));
      if (right >= 0) pairs.set(left, right, rank, id);
    }
  });
  return pairs;
}

const widthAt = (text: string, unit: number): number => (text.codePointAt(unit)! > 0xffff ? 2 : 1);
