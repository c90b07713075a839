/**
 * Splits tokens of an encoding at random into pairs of shorter tokens, for training.
 *
 * Paper    StochasTok, arXiv:2506.01687
 * Shapes   ids [n]  ->  ids [n + expansions]
 * Units    proportion: attempts a token of the input, so 0.1 tries a tenth of them; may be above 1
 * Cost     `tokenExpansions`: O(sum of squared token lengths) steps of a trie at worst, 12 bytes a pair; `stochastokExpand`:
 *          O(log n) an attempt, 8 bytes a token
 * Differs  the released code asks two random sources; here one gives both numbers, the position first, then, where the
 *          token has pairs, the pair. An attempt on a token without pairs is lost there too
 * Errors   ArgumentError: a proportion or a limit that is none, more than LENGTH_LIMIT attempts
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { type ByteTokens, ByteTrie } from "./byte-trie.js";
import { SplitSequence } from "./split-sequence.js";

/** Which two tokens each token may be split into. */
export interface TokenExpansions {
  /** Flat `[left, right, left, right, ...]` in the order of the place of the split; empty for a token that has none. A view. */
  of(id: number): Uint32Array;
}

export interface StochastokOptions {
  /** Default: 0.1. */
  readonly proportion?: number;
  /** Tokens that are split at most. Default: no limit. */
  readonly maxExpand?: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Ids that an expansion may come to. */
const LENGTH_LIMIT = 1 << 26;

export function tokenExpansions(tokens: ByteTokens): TokenExpansions {
  const trie = new ByteTrie(tokens, "tokenExpansions");
  const pairs: number[] = [];
  const starts = new Uint32Array(tokens.length + 1);
  for (let id = 0; id < tokens.length; id++) {
    const bytes = tokens[id]!;
    let node = 0;
    for (let cut = 1; cut < bytes.length; cut++) {
      node = trie.step(node, bytes[cut - 1]!);
      const left = trie.token[node]!;
      if (left < 0) continue;
      const right = tokenOf(bytes, cut, trie);
      if (right >= 0) pairs.push(left, right);
    }
    starts[id + 1] = pairs.length;
  }
  const all = Uint32Array.from(pairs);
  return { of: (id) => all.subarray(starts[id] ?? 0, starts[id + 1] ?? 0) };
}

/** The token that is the bytes from `from` on, -1 where there is none. */
function tokenOf(bytes: Uint8Array, from: number, trie: ByteTrie): number {
  let node = 0;
  for (let i = from; i < bytes.length && node >= 0; i++) node = trie.step(node, bytes[i]!);
  return node < 0 ? -1 : trie.token[node]!;
}

export function stochastokExpand(
  ids: ArrayLike<number>,
  expansions: TokenExpansions,
  { proportion = 0.1, maxExpand = Number.POSITIVE_INFINITY, random }: StochastokOptions,
): Uint32Array {
  const where = "stochastokExpand";
  const attempts = Math.floor(ids.length * proportion);
  if (!(proportion >= 0) || ids.length + attempts > LENGTH_LIMIT)
    throw new ArgumentError(
      where,
      "proportion",
      `a number from 0 up that gives at most ${LENGTH_LIMIT} ids`,
      proportion,
    );
  if (!(maxExpand >= 0))
    throw new ArgumentError(where, "maxExpand", "a count from 0 up", maxExpand);
  const sequence = new SplitSequence(ids);
  let expanded = 0;
  for (let i = 0; i < attempts && expanded < maxExpand; i++) {
    const pairs = expansions.of(sequence.find(Math.floor(random() * sequence.length)));
    if (pairs.length === 0) continue;
    const chosen = Math.floor(random() * (pairs.length / 2)) * 2;
    sequence.splitFound(pairs[chosen]!, pairs[chosen + 1]!);
    expanded++;
  }
  return sequence.ids();
}
