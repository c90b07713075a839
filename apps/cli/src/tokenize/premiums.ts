/** What the table and the page of premiums both show. */
import type { TokenPremiums } from "@frugal/tokenizers/measure";

export interface NamedPremiums extends TokenPremiums {
  readonly name: string;
}

export const SUMMARIES: readonly (readonly [string, (premiums: TokenPremiums) => number])[] = [
  ["mean premium", ({ mean }) => mean],
  ["median premium", ({ median }) => median],
  ["Gini of the tokens", ({ gini }) => gini],
];

export const ended = ({ language, premium }: TokenPremiums["best"]): string =>
  `${language} ${premium.toFixed(2)}`;

export interface RankedLanguage {
  readonly language: string;
  /** By tokenizer. */
  readonly premiums: readonly number[];
}

/** By the mean over the tokenizers, the cheapest first. */
export function rankedLanguages(found: readonly TokenPremiums[]): RankedLanguage[] {
  const mean = ({ premiums }: RankedLanguage): number =>
    premiums.reduce((sum, premium) => sum + premium, 0) / premiums.length;
  return found[0]!.rows
    .map(({ language }, i) => ({ language, premiums: found.map(({ rows }) => rows[i]!.premium) }))
    .sort((a, b) => mean(a) - mean(b));
}
