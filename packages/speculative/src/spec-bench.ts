/**
 * Sums up runs with and without speculation the way Spec-Bench does, with both ways of averaging.
 *
 * Paper    Spec-Bench, arXiv:2401.07851
 * Units    tokens, ms; a speed-up is a ratio of tokens per ms
 * Cost     O(passes)
 * Differs  tokens are counted by one counter for both runs; the time of the prefill is the caller's to leave out
 * Errors   ArgumentError for no request, or for runs that took no time
 */
import { ArgumentError } from "@frugal/tensor";

export interface PassRecord {
  /** Tokens drafted along the deepest path. */
  readonly drafted: number;
  readonly accepted: number;
}

export interface RunRecord {
  readonly newTokens: number;
  readonly elapsedMs: number;
}

export interface SpeculativeRecord extends RunRecord {
  readonly passes: readonly PassRecord[];
  readonly draftMs: number;
  readonly verifyMs: number;
}

export interface SpecBenchMetrics {
  /** Tokens a target pass, all passes pooled; plain decoding = 1. */
  readonly meanAcceptedTokens: number;
  /** Mean over requests of tokens per ms, over the same mean of plain decoding. */
  readonly speedupMeanOfRates: number;
  /** All tokens over all ms, over the same of plain decoding. */
  readonly speedupTotals: number;
  /** [i]: share accepted of the drafted tokens i that were tested; NaN where none was. */
  readonly acceptanceByPosition: readonly number[];
  readonly draftMs: number;
  readonly verifyMs: number;
}

export function specBenchMetrics(records: {
  readonly speculative: readonly SpeculativeRecord[];
  readonly plain: readonly RunRecord[];
}): SpecBenchMetrics {
  const { speculative, plain } = records;
  check("speculative", speculative);
  check("plain", plain);
  const passes = speculative.flatMap((run) => run.passes);
  return {
    meanAcceptedTokens: sum(passes.map(({ accepted }) => accepted + 1)) / passes.length,
    speedupMeanOfRates: meanRate(speculative) / meanRate(plain),
    speedupTotals: totalRate(speculative) / totalRate(plain),
    acceptanceByPosition: acceptanceByPosition(passes),
    draftMs: sum(speculative.map(({ draftMs }) => draftMs)),
    verifyMs: sum(speculative.map(({ verifyMs }) => verifyMs)),
  };
}

function acceptanceByPosition(passes: readonly PassRecord[]): number[] {
  const longest = passes.reduce((most, { drafted }) => Math.max(most, drafted), 0);
  return Array.from({ length: longest }, (_, i) => {
    const tested = passes.filter(({ drafted, accepted }) => drafted > i && accepted >= i);
    return tested.filter(({ accepted }) => accepted > i).length / tested.length;
  });
}

function check(name: string, runs: readonly RunRecord[]): void {
  const where = "specBenchMetrics";
  if (runs.length === 0) throw new ArgumentError(where, name, "at least one run", runs);
  const bad = runs.find(({ elapsedMs }) => !(elapsedMs > 0));
  if (bad) throw new ArgumentError(where, `${name}: elapsedMs`, "above 0", bad.elapsedMs);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const meanRate = (runs: readonly RunRecord[]): number =>
  sum(runs.map(({ newTokens, elapsedMs }) => newTokens / elapsedMs)) / runs.length;

const totalRate = (runs: readonly RunRecord[]): number =>
  sum(runs.map(({ newTokens }) => newTokens)) / sum(runs.map(({ elapsedMs }) => elapsedMs));
