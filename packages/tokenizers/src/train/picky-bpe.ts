/**
 * Trains a byte-pair vocabulary and takes tokens out again that occur in little else than a longer one.
 *
 * Paper    PickyBPE, arXiv:2409.04599
 * Shapes   words with their counts  ->  events in order, tokens that are left by id: special tokens, characters by code
 *          point, merged tokens in the order in which they were first made
 * Units    threshold: merges over occurrences before the merge, 0..1; coverage: share of all characters, 0..1
 * Cost     that of trainBpe, and of each removal the places where the token stood
 * Differs  of pairs that are equally frequent the one with the smaller ids goes first (the released code goes by a set). Where
 *          no character is rare enough for `coverage` none is left out (there all are). Kept from it: a merge that makes a
 *          token that is there already counts as one more token, so that fewer than `vocabularySize` may be left
 * Errors   ArgumentError: an option out of range, no word, a count that is no whole number; the signal's reason
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { byCodePoint } from "../text/code-points.js";
import { Learner } from "./learner.js";
import * as options from "./options.js";
import { type JobOptions, Pace } from "./pace.js";
import { PickyTokens } from "./picky-tokens.js";
import { TokenChain } from "./token-chain.js";
import type { Vocabulary } from "./vocabulary.js";
import type { WordCounts } from "./word-counts.js";

/** Two tokens became one, or a token its parts. */
export type PickyEvent =
  | readonly ["merge", left: string, right: string]
  | readonly ["split", token: string, ...parts: string[]];

export interface TrainPickyBpeOptions extends JobOptions {
  /** Tokens in all. Default: 30000. */
  readonly vocabularySize?: number | undefined;
  /** A token goes where the share of its occurrences that a merge takes is above it. 0.9 in the paper; at 1 none goes. Default: 0.9999. */
  readonly threshold?: number | undefined;
  /** Rare characters beyond this share are left out. Default: 0.9999. */
  readonly coverage?: number | undefined;
  /** Put before each word. Default: "▁". */
  readonly wordStart?: string | undefined;
  /** The first tokens. Default: none. */
  readonly specialTokens?: readonly string[] | undefined;
}

export interface TrainedPickyBpe {
  readonly events: readonly PickyEvent[];
  /** By id. */
  readonly vocabulary: readonly string[];
}

const WHERE = "trainPickyBpe";
const PHASE = "merging pairs";
const STEPS_A_PLACE = 32;

export async function trainPickyBpe(
  words: WordCounts,
  given: TrainPickyBpeOptions = {},
): Promise<TrainedPickyBpe> {
  options.checkWords(WHERE, words);
  const vocabularySize = options.vocabularySize(WHERE, given.vocabularySize);
  const threshold = share("threshold", given.threshold);
  const coverage = share("coverage", given.coverage);
  const specials = options.specialTokens(WHERE, given.specialTokens);
  const wordStart =
    given.wordStart === undefined ? "▁" : options.text(WHERE, "wordStart", given.wordStart);
  const pace = new Pace(given);
  const tokens = new PickyTokens(covered(characterCounts(words, wordStart), coverage));
  const learner = new Learner(chainOf(words, wordStart, tokens.vocabulary), "ids");
  await learner.count(pace);

  const events: PickyEvent[] = [];
  let size = specials.length + tokens.vocabulary.size;
  const name = (id: number): string => tokens.vocabulary.tokens[id]!;
  const spanOf = (id: number): number => tokens.spans[id]!;
  const note = (id: number, place: number): void => tokens.note(id, place);
  const dropWhereRare = (id: number, merged: number): void => {
    if (!(merged / (tokens.counts[id]! + merged) > threshold) || spanOf(id) === 1) return;
    const places = tokens.placesOf(id);
    const parts = tokens.remove(id);
    learner.part(id, places, parts, spanOf, note);
    events.push(["split", name(id), ...parts.map(name)]);
    size--;
  };
  while (size < vocabularySize) {
    const best = learner.best();
    if (best === null || best.count <= 0) break;
    const { left, right } = best;
    const product = tokens.join(left, right);
    events.push(["merge", name(left), name(right)]);
    const before = learner.length;
    const looked = learner.join(left, right, product, (place) => tokens.note(product, place));
    const merged = before - learner.length;
    tokens.counts[product]! += merged;
    for (const id of left === right ? [left] : [left, right]) {
      tokens.counts[id]! -= left === right ? 2 * merged : merged;
      dropWhereRare(id, merged);
    }
    size++;
    if (pace.spend((looked + 1) * STEPS_A_PLACE)) await pace.rest(PHASE, size, vocabularySize);
  }
  pace.report(PHASE, size, vocabularySize);
  const learned = tokens.present().filter((token) => !specials.includes(token));
  return { events, vocabulary: [...specials, ...learned] };
}

function share(name: string, value: number | undefined): number {
  const found = value ?? 0.9999;
  if (!(found >= 0 && found <= 1)) throw new ArgumentError(WHERE, name, "in 0..1", value);
  return found;
}

/** In the order in which they are met first. */
function characterCounts(words: WordCounts, wordStart: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word, count] of words)
    for (const character of wordStart + word)
      counts.set(character, (counts.get(character) ?? 0) + count);
  return counts;
}

/** Those that stay, by code point: the rarest go as long as they are fewer together than may be left out. */
function covered(counts: ReadonlyMap<string, number>, coverage: number): [string, number][] {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const excess = total - roundedToEven(coverage * total);
  const frequentFirst = [...counts].sort((a, b) => b[1] - a[1]);
  let kept = frequentFirst.length;
  let rare = 0;
  while (kept > 0 && rare + frequentFirst[kept - 1]![1] < excess) rare += frequentFirst[--kept]![1];
  return frequentFirst.slice(0, kept).sort((a, b) => byCodePoint(a[0], b[0]));
}

function roundedToEven(value: number): number {
  const low = Math.floor(value);
  if (value - low !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

/** A word is cut at characters that were left out: nothing merges with them. */
function chainOf(words: WordCounts, wordStart: string, vocabulary: Vocabulary): TokenChain {
  let units = 0;
  for (const word of words.keys()) units += wordStart.length + word.length;
  const chain = new TokenChain(units, units);
  for (const [word, count] of words) {
    let isOpen = false;
    for (const character of wordStart + word) {
      const id = vocabulary.idOf(character);
      if (id !== undefined) {
        if (!isOpen) chain.addWord(count);
        chain.addToken(id);
      }
      isOpen = id !== undefined;
    }
  }
  return chain;
}
