/**
 * The merges that a vocabulary of bytes by rank implies.
 *
 * Paper    none (the merging of tiktoken, where any two neighbors merge that make a token)
 * Cost     O(n^2) for a token of n bytes up to SHORT, with a small factor; O(n log n) above
 * Differs  as rank-pairs.ts, on bytes
 */
import type { ByteVocabulary } from "../engine/byte-vocabulary.js";
import { SHORT, ShortMerge } from "../engine/short-merge.js";
import { PairTable } from "./pair-table.js";
import { Symbols } from "./symbols.js";

/** The order of ids is the order of merges; ranks are the places of the tokens in it. */
export function byteRankPairs(vocabulary: ByteVocabulary): PairTable {
  const { bytes, offsets, byteIds } = vocabulary;
  const { order, ranks, count } = byLength(vocabulary);
  const pairs = new PairTable(count);
  const add = (id: number, left: number, right: number): void =>
    pairs.set(left, right, ranks[id]!, id);
  let next = 0;
  for (; next < order.length; next++) {
    const id = order[next]!;
    const start = offsets[id]!;
    if (offsets[id + 1]! - start > 2) break;
    if (offsets[id + 1]! - start === 2)
      add(id, byteIds[bytes[start]!]!, byteIds[bytes[start + 1]!]!);
  }
  // Knows the pairs of bytes from here on: all of them are there.
  const short = new ShortMerge(pairs, byteIds);
  const symbols = new Symbols();
  for (; next < order.length; next++) {
    const id = order[next]!;
    const start = offsets[id]!;
    const length = offsets[id + 1]! - start;
    if (length <= SHORT) {
      if (short.merge(bytes, start, length) !== 2) continue;
      const [left, right] = [short.id[0]!, short.id[1]!];
      add(id, left, right);
      short.know(left, right);
      continue;
    }
    symbols.clear();
    for (let i = start; i < start + length; i++) symbols.add(byteIds[bytes[i]!]!, 0, 0);
    symbols.merge(pairs);
    const second = symbols.next[0]!;
    if (second !== -1 && symbols.next[second] === -1) add(id, symbols.id[0]!, symbols.id[second]!);
  }
  return pairs;
}

/** The ids of the tokens, short ones first, then by id; the rank of each id among them all. */
function byLength({ size, offsets, longest }: ByteVocabulary) {
  const starts = new Uint32Array(longest + 2);
  const ranks = new Int32Array(size);
  let count = 0;
  for (let id = 0; id < size; id++) {
    const length = offsets[id + 1]! - offsets[id]!;
    if (length === 0) continue;
    ranks[id] = count++;
    starts[length + 1]!++;
  }
  for (let length = 1; length < starts.length; length++) starts[length]! += starts[length - 1]!;
  const order = new Uint32Array(count);
  for (let id = 0; id < size; id++) {
    const length = offsets[id + 1]! - offsets[id]!;
    if (length > 0) order[starts[length]!++] = id;
  }
  return { order, ranks, count };
}
