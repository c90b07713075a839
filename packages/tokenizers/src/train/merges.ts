/**
 * Learns merges: joins the most frequent pair of neighboring tokens, again and again.
 *
 * Paper    Sennrich et al., arXiv:1508.07909; ties and the order of merges as in Hugging Face tokenizers
 * Shapes   a chain of tokens and their vocabulary, both changed in place  ->  merges, first one first
 * Cost     O(symbols log pairs) for all merges together; 28 bytes a symbol and 60 a pair
 * Differs  see MergeQueue and PairCounts; a pair that is merged again later (its token arose in a second way) has the later
 *          place in the list, as in the file that the reference writes
 * Errors   the signal's reason where it is aborted
 */
import { MergeQueue, type Ties } from "./merge-queue.js";
import type { Pace } from "./pace.js";
import { PairCounts } from "./pair-counts.js";
import type { TokenChain } from "./token-chain.js";
import type { Merge } from "./tokenizer-file.js";
import type { Vocabulary } from "./vocabulary.js";

export interface MergeOptions {
  /** Tokens at most. */
  readonly vocabularySize: number;
  /** Pairs that are less frequent are not merged. */
  readonly minFrequency: number;
  /** A token covers fewer first symbols than this; two single symbols always merge. */
  readonly lengthLimit: number;
  /** Left out of a token that is joined to the one before it. */
  readonly prefix: string;
  readonly ties: Ties;
  /** Whether two tokens may be joined at all. Default: yes. */
  readonly allows?: (left: number, right: number) => boolean;
}

const PHASE = "merging pairs";
const STEPS_A_PLACE = 16;

export async function learnMerges(
  { vocabulary, chain }: { readonly vocabulary: Vocabulary; readonly chain: TokenChain },
  options: MergeOptions,
  pace: Pace,
): Promise<Merge[]> {
  const { vocabularySize, minFrequency, prefix } = options;
  const pairs = new PairCounts();
  const queue = new MergeQueue(pairs, chain, options.ties);
  await countPairs(chain, pairs, queue, pace);
  const merge = merger(chain, pairs, queue, options.lengthLimit);
  // A map keeps the place of a key that is set again, so the pair is taken out first.
  const merges = new Map<number, Merge>();
  while (vocabulary.size < vocabularySize) {
    const entry = queue.pop();
    if (entry === -1 || queue.countOf(entry) < Math.max(1, minFrequency)) break;
    const pair = queue.pairOf(entry);
    if (options.allows?.(pairs.lefts[pair]!, pairs.rights[pair]!) === false) continue;
    const left = vocabulary.tokens[pairs.lefts[pair]!]!;
    const right = vocabulary.tokens[pairs.rights[pair]!]!;
    const product = vocabulary.add(left + withoutPrefix(right, prefix));
    merges.delete(pair);
    merges.set(pair, [left, right]);
    const places = queue.placesOf(entry);
    for (const place of places) merge(place, pair, product);
    queue.queue();
    if (pace.spend(places.length * STEPS_A_PLACE + STEPS_A_PLACE))
      await pace.rest(PHASE, vocabulary.size, vocabularySize);
  }
  pace.report(PHASE, vocabulary.size, vocabularySize);
  return [...merges.values()];
}

const withoutPrefix = (token: string, prefix: string): string =>
  token.startsWith(prefix) ? token.slice(prefix.length) : token;

export async function countPairs(
  chain: TokenChain,
  pairs: PairCounts,
  queue: MergeQueue,
  pace: Pace,
): Promise<void> {
  const { ids, spans, wordOf, weights, length } = chain;
  for (let at = 0; at < length; ) {
    const next = at + spans[at]!;
    if (next < length && wordOf[next] === wordOf[at]) {
      const pair = pairs.pair(ids[at]!, ids[next]!);
      pairs.counts[pair]! += weights[wordOf[at]!]!;
      queue.note(pair, at);
    }
    at = next;
    if (pace.spend(4)) await pace.rest("counting pairs", at, length);
  }
  queue.queue();
}

/** Joins a pair at a place, counts what that breaks and what it makes, and gives the weight of the word. */
export type MergeAt = (at: number, pair: number, product: number) => number;

/** A pair that does not stand at the place any more is left alone: weight 0. */
export function merger(
  chain: TokenChain,
  pairs: PairCounts,
  queue: MergeQueue,
  lengthLimit: number,
): MergeAt {
  const { ids, spans, wordOf, weights } = chain;
  return (at, pair, product) => {
    const left = pairs.lefts[pair]!;
    const right = pairs.rights[pair]!;
    if (!chain.holds(at, left, right)) return 0;
    const weight = weights[wordOf[at]!]!;
    const second = chain.next(at);
    const before = chain.previous(at);
    const after = chain.next(second);
    chain.merge(at, second, product);
    const span = spans[at]!;
    if (before !== -1) {
      const token = ids[before]!;
      const broken = pairs.pair(token, left);
      pairs.counts[broken]! -= weight;
      if (spans[before]! + span < lengthLimit) made(pairs.pair(token, product), before, weight);
    }
    if (after !== -1) {
      const token = ids[after]!;
      const broken = pairs.pair(right, token);
      pairs.counts[broken]! -= weight;
      if (spans[after]! + span < lengthLimit) made(pairs.pair(product, token), at, weight);
    }
    return weight;
  };

  function made(pair: number, place: number, weight: number): void {
    pairs.counts[pair]! += weight;
    queue.note(pair, place);
  }
}
