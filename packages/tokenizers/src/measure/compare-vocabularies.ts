/**
 * Compares vocabularies as sets: what each has for itself, and how much of a common core it holds.
 *
 * Paper    Qtok, arXiv:2410.12989
 * Shapes   vocabularies as text (`vocabularyTexts`), a leading space for the start of a word  ->  one row each
 * Units    shares 0..1; `singletonsPerSpaced` a ratio
 * Cost     O(tokens of all vocabularies) time and memory
 * Differs  where no core is given it is what all of them hold; nothing over nothing is 0
 * Errors   ArgumentError: a token that is no string
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { ratio } from "./word-costs.js";

export interface VocabularyRow {
  readonly name: string;
  /** Distinct tokens. */
  readonly size: number;
  /** Tokens that begin with a space. */
  readonly spaced: number;
  readonly spacedShare: number;
  /** Tokens that no other of these vocabularies has. */
  readonly singletons: number;
  readonly singletonsPerSpaced: number;
  readonly coreCoverage: number;
}

export interface VocabularyComparison {
  readonly rows: readonly VocabularyRow[];
  readonly coreSize: number;
  /** Distinct tokens of all. */
  readonly union: number;
}

export function compareVocabularies(
  vocabularies: ReadonlyMap<string, Iterable<string>>,
  { core }: { readonly core?: Iterable<string> } = {},
): VocabularyComparison {
  const sets = [...vocabularies].map(([name, tokens]) => ({ name, tokens: setOf(name, tokens) }));
  const holders = new Map<string, number>();
  for (const { tokens } of sets) {
    for (const token of tokens) holders.set(token, (holders.get(token) ?? 0) + 1);
  }
  const common =
    core === undefined
      ? new Set([...holders].flatMap(([token, count]) => (count === sets.length ? [token] : [])))
      : setOf("core", core);
  const rows = sets.map(({ name, tokens }) => {
    let spaced = 0;
    let singletons = 0;
    let held = 0;
    for (const token of tokens) {
      if (token.startsWith(" ")) spaced++;
      if (holders.get(token) === 1) singletons++;
      if (common.has(token)) held++;
    }
    return {
      name,
      size: tokens.size,
      spaced,
      spacedShare: ratio(spaced, tokens.size),
      singletons,
      singletonsPerSpaced: ratio(singletons, spaced),
      coreCoverage: ratio(held, common.size),
    };
  });
  return { rows, coreSize: common.size, union: holders.size };
}

function setOf(name: string, tokens: Iterable<string>): ReadonlySet<string> {
  const set = new Set<string>();
  for (const token of tokens) {
    if (typeof token !== "string") {
      throw new ArgumentError("compareVocabularies", `a token of ${name}`, "a string", token);
    }
    set.add(token);
  }
  return set;
}
