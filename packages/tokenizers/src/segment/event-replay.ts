/**
 * Repeats the events of a training on a text: merges, splits of tokens, merges of whole words, in the order of training.
 *
 * Shapes   a chain of tokens, changed in place; events are numbered from 0
 * Cost     O(events that apply times log n) for n symbols
 */
import { Heap } from "../heap.js";
import type { TokenChain } from "../train/token-chain.js";

/** Tokens are numbers; -1 where there is no such event. Each look-up finds the first event behind `event`. */
export interface ReplayRules {
  mergeAfter(left: number, right: number, event: number): number;
  splitAfter(token: number, event: number): number;
  /** Of two words that are one token each. */
  wordMergeAfter?(left: number, right: number, event: number): number;
  /** What a merge makes. */
  product(event: number): number;
  /** What the token of a split becomes. */
  parts(event: number): readonly number[];
  /** Symbols of a token. */
  span(token: number): number;
}

/** Places are below it: an event and a place are one exact number. */
const PLACES = 2 ** 29;

export function replay(chain: TokenChain, rules: ReplayRules): void {
  const queue = new Heap<number>((a, b) => a < b);
  let event = -1;

  function put(found: number, place: number): void {
    if (found >= 0) queue.push(found * PLACES + place);
  }
  const isWord = (at: number): boolean => chain.previous(at) === -1 && chain.next(at) === -1;

  /** Queues what may happen to the token at a place and the next one. */
  function look(at: number): void {
    const token = chain.ids[at]!;
    put(rules.splitAfter(token, event), at);
    const next = chain.next(at);
    if (next !== -1) put(rules.mergeAfter(token, chain.ids[next]!, event), at);
    else if (rules.wordMergeAfter !== undefined && isWord(at)) {
      const end = at + chain.spans[at]!;
      if (end < chain.length && isWord(end))
        put(rules.wordMergeAfter(token, chain.ids[end]!, event), at);
    }
  }
  /** The same of the token before it. */
  function lookBefore(at: number): void {
    if (at > 0) look(at - chain.spans[at - 1]!);
  }

  for (const at of chain.places()) look(at);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    event = Math.floor(key / PLACES);
    const at = key - event * PLACES;
    const token = chain.ids[at]!;
    if (token < 0) continue;
    if (rules.splitAfter(token, event - 1) === event) {
      chain.split(at, rules.parts(event), (part) => rules.span(part));
      for (
        let place: number = at, end = at + rules.span(token);
        place < end;
        place += chain.spans[place]!
      )
        look(place);
      lookBefore(at);
      continue;
    }
    const next = chain.next(at);
    if (next !== -1) {
      if (rules.mergeAfter(token, chain.ids[next]!, event - 1) !== event) continue;
      chain.merge(at, next, rules.product(event));
    } else {
      const end = at + chain.spans[at]!;
      if (end >= chain.length || !isWord(at) || !isWord(end)) continue;
      if (rules.wordMergeAfter?.(token, chain.ids[end]!, event - 1) !== event) continue;
      chain.mergeWords(at, end, rules.product(event));
    }
    look(at);
    lookBefore(at);
  }
}
