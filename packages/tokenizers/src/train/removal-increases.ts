/**
 * Reckons by how many tokens words grow where one token of a vocabulary is taken out.
 *
 * Paper    PathPiece, arXiv:2402.18376
 * Shapes   words as bytes with their counts  ->  per token f64: increase, matches anywhere in the words
 * Cost     O(n L) steps of a trie for the shortest ways of n bytes, tokens of at most L; O(L^2) for each token on them
 * Differs  each place where a token stands is reckoned alone, as in the paper: the way around it may go over the same token at
 *          another place of the word. So an increase is exact where a token matches a word once, else it may be too small
 * Order    of equal ways the one with the longest last token counts, as in `pathPieceEncoder`
 * Errors   the signal's reason
 */
import type { ByteTrie } from "../segment/byte-trie.js";
import type { ByteWords } from "./byte-words.js";
import type { Pace } from "./pace.js";

export interface LivingTokens {
  /** From the front; has the 256 bytes. */
  readonly trie: ByteTrie;
  /** By id, 0 where a token has been taken out. */
  readonly alive: Uint8Array;
}

export interface Removals {
  /** Of all words, each as often as it occurs. */
  readonly tokenCount: number;
  readonly increases: Float64Array;
  readonly matches: Float64Array;
}

export async function removalIncreases(
  { bytes, starts, counts, longest }: ByteWords,
  { trie, alive }: LivingTokens,
  pace: Pace,
  rest: () => Promise<void>,
): Promise<Removals> {
  const increases = new Float64Array(alive.length);
  const matches = new Float64Array(alive.length);
  // Fewest tokens up to each byte and from it on, and the last token and its start on the way there.
  const upTo = new Int32Array(longest + 1);
  const from = new Int32Array(longest + 1);
  const last = new Int32Array(longest + 1);
  const startOf = new Int32Array(longest + 1);
  const limit = trie.longest;
  let tokenCount = 0;
  for (let word = 0; word < counts.length; word++) {
    const base = starts[word]!;
    const length = starts[word + 1]! - base;
    const count = counts[word]!;
    if (length === 0 || count === 0) continue;
    forward(base, length, count);
    backward(base, length);
    tokenCount += upTo[length]! * count;
    for (let end = length; end > 0; end = startOf[end]!) {
      const start = startOf[end]!;
      if (end - start > 1)
        increases[last[end]!]! += (around(base, length, start, end) - upTo[length]!) * count;
    }
    if (pace.spend(length * limit)) await rest();
  }
  return { tokenCount, increases, matches };

  function forward(base: number, length: number, count: number): void {
    upTo.fill(length + 1, 1, length + 1);
    for (let start = 0; start < length; start++) {
      const tokens = upTo[start]! + 1;
      let node = 0;
      for (let end = start; end < length; ) {
        node = trie.step(node, bytes[base + end++]!);
        if (node < 0) break;
        const token = trie.token[node]!;
        if (token < 0 || alive[token] === 0) continue;
        matches[token]! += count;
        if (tokens >= upTo[end]!) continue;
        upTo[end] = tokens;
        last[end] = token;
        startOf[end] = start;
      }
    }
  }

  function backward(base: number, length: number): void {
    from[length] = 0;
    for (let start = length - 1; start >= 0; start--) {
      let best = length + 1;
      let node = 0;
      for (let end = start; end < length; ) {
        node = trie.step(node, bytes[base + end++]!);
        if (node < 0) break;
        const token = trie.token[node]!;
        if (token >= 0 && alive[token] !== 0 && from[end]! < best) best = from[end]!;
      }
      from[start] = best + 1;
    }
  }

  /** The fewest tokens of the word on a way that ends a token inside the place, or goes over it in a longer one. */
  function around(base: number, length: number, start: number, end: number): number {
    let best = length + 1;
    for (let inside = start + 1; inside < end; inside++)
      best = Math.min(best, upTo[inside]! + from[inside]!);
    for (let first = Math.max(0, end - limit); first <= start; first++) {
      let node = 0;
      for (let next = first; next < length; ) {
        node = trie.step(node, bytes[base + next++]!);
        if (node < 0) break;
        if (next < end || next - first <= end - start) continue;
        const token = trie.token[node]!;
        if (token >= 0 && alive[token] !== 0) best = Math.min(best, upTo[first]! + 1 + from[next]!);
      }
    }
    return best;
  }
}
