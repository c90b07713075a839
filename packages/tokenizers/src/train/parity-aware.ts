/**
 * Trains one byte-pair vocabulary for several languages, each merge chosen for the language that is compressed worst.
 *
 * Paper    Parity-aware BPE, arXiv:2508.04796, both variants
 * Shapes   words of each language with their counts, and of parallel texts or a wanted ratio for each  ->  as trainBpe
 * Cost     that of trainBpe over all languages, and one look-up a language and merge; words of two languages are kept twice,
 *          and once more with `globalMerges`
 * Differs  counts are whole at every step, as they are in the original after its lazy pruning. Kept from it: of pairs that are
 *          equally frequent the one with the greater strings goes first; training ends where the chosen language has no pair
 *          that is frequent enough; `alpha` is divided by the number of languages, and by one more with `globalMerges`. Where
 *          the window holds back every language the worst one is taken (the original fails)
 * Errors   ArgumentError: an option out of range, neither or both of `dev` and `ratio`, lists that are not as long as that
 *          of the languages, a language without words; the signal's reason
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { byCodePoint } from "../text/code-points.js";
import { alphabetOf } from "./alphabet.js";
import type { TrainedBpe } from "./bpe.js";
import { chainOf } from "./bpe-start.js";
import { Learner } from "./learner.js";
import * as options from "./options.js";
import { type JobOptions, Pace } from "./pace.js";
import type { Merge } from "./tokenizer-file.js";
import { Vocabulary } from "./vocabulary.js";
import type { WordCounts } from "./word-counts.js";

export interface TrainParityAwareBpeOptions extends JobOptions {
  /** Words of texts that say the same in each language: the longest is compressed worst. */
  readonly dev?: readonly WordCounts[] | undefined;
  /** In place of `dev`: wanted compression of each language, relative to one another, by its own words. */
  readonly ratio?: readonly number[] | undefined;
  /** Merges at most. Default: 10000. */
  readonly mergeCount?: number | undefined;
  /** Ends where the best pair occurs less often. Default: 2. */
  readonly minFrequency?: number | undefined;
  /** The first so many merges go by the counts of all languages together. Default: 0. */
  readonly globalMerges?: number | undefined;
  /** A language that was chosen too often of late is passed over. Default: no. */
  readonly window?: ParityWindow | undefined;
  /** Characters that belong to the alphabet in any case. Default: none. */
  readonly initialAlphabet?: Iterable<string> | undefined;
  /** The first tokens. Default: none. */
  readonly specialTokens?: readonly string[] | undefined;
}

export interface ParityWindow {
  /** Choices that are looked back on. Default: 100. */
  readonly size?: number | undefined;
  /** Share of them that one language may have, times the number of languages. Default: 2. */
  readonly alpha?: number | undefined;
}

const WHERE = "trainParityAwareBpe";
const PHASE = "merging pairs";
const STEPS_A_SYMBOL = 16;

export async function trainParityAwareBpe(
  languages: readonly WordCounts[],
  given: TrainParityAwareBpeOptions = {},
): Promise<TrainedBpe> {
  check(languages, given);
  const mergeCount = options.whole(WHERE, "mergeCount", given.mergeCount, 10_000);
  const minFrequency = Math.max(1, options.whole(WHERE, "minFrequency", given.minFrequency, 2));
  const globalMerges = options.whole(WHERE, "globalMerges", given.globalMerges, 0);
  const pace = new Pace(given);
  const vocabulary = new Vocabulary();
  for (const token of options.specialTokens(WHERE, given.specialTokens)) vocabulary.add(token);
  const dev = given.dev ?? [];
  const all = [...languages, ...dev];
  for (const character of alphabetOf(all, Infinity, given.initialAlphabet))
    vocabulary.add(character);

  const { tokens } = vocabulary;
  const learn = async (words: WordCounts): Promise<Learner> => {
    const greater = (p: number, q: number): boolean => {
      const { lefts, rights } = learner.pairs;
      const order = byCodePoint(tokens[lefts[p]!]!, tokens[lefts[q]!]!);
      return (order || byCodePoint(tokens[rights[p]!]!, tokens[rights[q]!]!)) > 0;
    };
    const chain = await chainOf(words, (word) => word, vocabulary, pace);
    const learner: Learner = new Learner(chain, greater);
    await learner.count(pace);
    return learner;
  };
  const learners: Learner[] = [];
  for (const words of languages) learners.push(await learn(words));
  const together = globalMerges > 0 ? await learn(summed(languages)) : null;
  const parallel: Learner[] = [];
  for (const words of dev) parallel.push(await learn(words));
  const choose = chooser(given, learners, parallel, globalMerges > 0);

  const everyone = [...learners, ...parallel, ...(together === null ? [] : [together])];
  const merges: Merge[] = [];
  while (merges.length < mergeCount) {
    const chosen = together !== null && merges.length < globalMerges ? together : choose();
    const best = chosen.best();
    if (best === null || best.count < minFrequency) break;
    const merge: Merge = [tokens[best.left]!, tokens[best.right]!];
    const product = vocabulary.add(merge.join(""));
    merges.push(merge);
    let steps = everyone.length;
    for (const learner of everyone) steps += learner.join(best.left, best.right, product);
    if (pace.spend(steps * STEPS_A_SYMBOL)) await pace.rest(PHASE, merges.length, mergeCount);
  }
  pace.report(PHASE, merges.length, mergeCount);
  return {
    type: "BPE",
    vocabulary: tokens,
    merges,
    continuingSubwordPrefix: null,
    endOfWordSuffix: null,
  };
}

/** Gives the language whose turn it is. */
function chooser(
  { ratio, window }: TrainParityAwareBpeOptions,
  learners: readonly Learner[],
  parallel: readonly Learner[],
  hasGlobal: boolean,
): () => Learner {
  const initial = learners.map(({ length }) => length);
  const need = (l: number): number =>
    ratio === undefined ? parallel[l]!.length : -(initial[l]! / learners[l]!.length / ratio[l]!);
  const byNeed = (): number[] => {
    const needs = learners.map((_, l) => need(l));
    return needs.map((_, l) => l).sort((a, b) => needs[b]! - needs[a]! || a - b);
  };
  if (window === undefined) return () => learners[byNeed()[0]!]!;
  const size = window.size ?? 100;
  const share = (window.alpha ?? 2) / (learners.length + (hasGlobal ? 1 : 0));
  const recent: number[] = [];
  return () => {
    const order = byNeed();
    const often = (l: number): number => recent.filter((chosen) => chosen === l).length / size;
    const chosen = order.find((l) => often(l) <= share) ?? order[0]!;
    recent.push(chosen);
    if (recent.length > size) recent.shift();
    return learners[chosen]!;
  };
}

function summed(languages: readonly WordCounts[]): WordCounts {
  const sums = new Map<string, number>();
  for (const words of languages)
    for (const [word, count] of words) sums.set(word, (sums.get(word) ?? 0) + count);
  return sums;
}

function check(languages: readonly WordCounts[], given: TrainParityAwareBpeOptions): void {
  const { dev, ratio, window } = given;
  if (languages.length === 0)
    throw new ArgumentError(WHERE, "languages", "at least one language", 0);
  for (const words of [...languages, ...(dev ?? [])]) options.checkWords(WHERE, words);
  if ((dev === undefined) === (ratio === undefined))
    throw new ArgumentError(WHERE, "dev", "given, or ratio in its place", dev && "both");
  const perLanguage = dev ?? ratio!;
  if (perLanguage.length !== languages.length)
    throw new ArgumentError(
      WHERE,
      dev === undefined ? "ratio.length" : "dev.length",
      `${languages.length}, as many as languages`,
      perLanguage.length,
    );
  const isPositive = (value: number): boolean => value > 0 && value < Infinity;
  const wrong = ratio?.find((value) => !isPositive(value));
  if (wrong !== undefined) throw new ArgumentError(WHERE, "ratio", "above 0", wrong);
  if (window === undefined) return;
  if (options.whole(WHERE, "window.size", window.size, 100) === 0)
    throw new ArgumentError(WHERE, "window.size", "at least 1", 0);
  if (!isPositive(window.alpha ?? 2))
    throw new ArgumentError(WHERE, "window.alpha", "above 0", window.alpha);
}
