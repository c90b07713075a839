/**
 * Measures what the same text costs in other languages.
 *
 * Paper    Petrov et al., arXiv:2305.15425 (premiums); arXiv:2510.21909 (corpus token count)
 * Shapes   the same texts in each language, in the same order  ->  one row a language, in the given order
 * Units    premium: tokens over those of the reference language
 * Cost     one encoding of every text; no tokens are kept
 * Errors   ArgumentError: a reference that is no language here or has no tokens, another number of texts than the
 *          reference has; the signal's reason once it is aborted
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { type JobOptions, Pace } from "../train/pace.js";
import type { Tokenizer } from "../types.js";
import { gini } from "./gini.js";
import { sizeOf } from "./tokenizer-meter.js";
import { BARE, ratio } from "./word-costs.js";

/** The same texts by language. */
export type ParallelTexts = ReadonlyMap<string, readonly string[]>;

export interface PremiumRow {
  readonly language: string;
  /** CTC: tokens of all texts. */
  readonly tokens: number;
  readonly premium: number;
  readonly characters: number;
  readonly bytes: number;
  readonly bytesPerToken: number;
  /** Share of the tokens that stand for what the vocabulary lacks; a low premium with many of them is none. */
  readonly unknownRate: number;
}

export interface TokenPremiums {
  readonly reference: string;
  readonly rows: readonly PremiumRow[];
  /** Of the tokens: 0 where every language costs the same. */
  readonly gini: number;
  readonly mean: number;
  readonly median: number;
  readonly best: PremiumRow;
  readonly worst: PremiumRow;
}

export async function tokenPremium(
  parallel: ParallelTexts,
  tokenizer: Pick<Tokenizer, "encode" | "specialIds">,
  reference: string,
  job: JobOptions = {},
): Promise<TokenPremiums> {
  const base = parallel.get(reference);
  if (base === undefined) {
    throw new ArgumentError(WHERE, "reference", "one of the languages", reference);
  }
  const pace = new Pace(job);
  const costs: Cost[] = [];
  for (const [language, texts] of parallel) {
    if (texts.length !== base.length) {
      const expected = `${base.length} texts, as many as ${reference} has`;
      throw new ArgumentError(WHERE, language, expected, texts.length);
    }
    const cost = costOf(language, texts, tokenizer);
    costs.push(cost);
    if (pace.spend(cost.characters * STEPS_A_CHARACTER)) {
      await pace.rest("languages", costs.length, parallel.size);
    }
  }
  pace.report("languages", costs.length, parallel.size);
  const { tokens } = costs.find(({ language }) => language === reference)!;
  if (tokens === 0) throw new ArgumentError(WHERE, reference, "a text with tokens", tokens);
  const rows = costs.map((cost) => ({ ...cost, premium: cost.tokens / tokens }));
  const ranked = rows.toSorted((a, b) => a.premium - b.premium);
  return {
    reference,
    rows,
    gini: gini(rows.map((row) => row.tokens)),
    mean: rows.reduce((sum, { premium }) => sum + premium, 0) / rows.length,
    median: (ranked[(rows.length - 1) >> 1]!.premium + ranked[rows.length >> 1]!.premium) / 2,
    best: ranked[0]!,
    worst: ranked.at(-1)!,
  };
}

const WHERE = "tokenPremium";
/** Steps of ten nanoseconds, about. */
const STEPS_A_CHARACTER = 10;

type Cost = Omit<PremiumRow, "premium">;

function costOf(
  language: string,
  texts: readonly string[],
  tokenizer: Pick<Tokenizer, "encode" | "specialIds">,
): Cost {
  const unknownId = tokenizer.specialIds.unknown;
  let tokens = 0;
  let unknown = 0;
  let characters = 0;
  let bytes = 0;
  for (const text of texts) {
    const ids = tokenizer.encode(text, BARE);
    tokens += ids.length;
    if (unknownId !== undefined) {
      for (const id of ids) if (id === unknownId) unknown++;
    }
    const size = sizeOf(text);
    characters += size.characters;
    bytes += size.bytes;
  }
  const unknownRate = ratio(unknown, tokens);
  return { language, tokens, characters, bytes, bytesPerToken: ratio(bytes, tokens), unknownRate };
}
