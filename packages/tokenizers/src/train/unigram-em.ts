/**
 * Fits the scores of a Unigram vocabulary to words, and makes it smaller, in turns.
 *
 * Paper    Kudo, arXiv:1804.10959; the M step is that of a sparse prior (Liang and Klein, ACL 2007 tutorial)
 * Units    natural logarithms
 * Cost     a turn: O(matches of all different words), one exponential a match; about ten turns
 * State    pieces and scores, replaced each turn
 * Differs  sums in 64 bits, SentencePiece in 32
 * Errors   the signal's reason
 */
import { Automaton } from "../models/automaton.js";
import { Lattice } from "../models/lattice.js";
import { digamma } from "./digamma.js";
import type { Pace } from "./pace.js";
import { edgeParts, type Fit, type FitOptions, type FitWords } from "./unigram-fit.js";
import { pruned } from "./unigram-prune.js";

/** Pieces that are expected less often are dropped. */
const THRESHOLD = 0.5;
const STEPS_A_UNIT = 24;

export async function fitUnigram(
  words: FitWords,
  seeds: { readonly pieces: string[]; readonly scores: Float64Array },
  options: FitOptions,
  pace: Pace,
): Promise<Fit> {
  let fit = made(seeds.pieces, seeds.scores, options);
  for (;;) {
    for (let turn = 0; turn < options.subIterations; turn++) {
      const expected = await expectation(fit, words, pace);
      maximize(fit.scores, expected, options.unknownPiece);
    }
    fit = living(fit, options);
    const size = fit.pieces.length;
    if (options.fitsLast && size <= options.desiredSize) return fit;
    const kept = await pruned(fit, words, options, pace);
    fit = made(
      kept.map((id) => fit.pieces[id]!),
      Float64Array.from(kept, (id) => fit.scores[id]!),
      options,
    );
    if (kept.length >= size || (!options.fitsLast && kept.length <= options.desiredSize))
      return fit;
  }
}

function made(pieces: string[], scores: Float64Array, { unknownPiece }: FitOptions): Fit {
  const tokens = unknownPiece ? ["", ...pieces.slice(1)] : pieces;
  return { pieces, scores, automaton: new Automaton(tokens) };
}

/** Without the pieces that were dropped. */
function living(fit: Fit, options: FitOptions): Fit {
  const alive = fit.pieces.map((_, id) => id).filter((id) => fit.scores[id] !== -Infinity);
  return made(
    alive.map((id) => fit.pieces[id]!),
    Float64Array.from(alive, (id) => fit.scores[id]!),
    options,
  );
}

async function expectation(
  { pieces, scores, automaton }: Fit,
  { texts, counts }: FitWords,
  pace: Pace,
): Promise<Float64Array> {
  const expected = new Float64Array(pieces.length);
  const lattice = new Lattice();
  const parts = edgeParts(scores);
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    lattice.clear();
    lattice.append(automaton, parts, text, 0, text.length);
    lattice.addExpected(counts[i]!, expected);
    if (pace.spend(text.length * STEPS_A_UNIT))
      await pace.rest(`fitting ${pieces.length} pieces`, i, texts.length);
  }
  return expected;
}

/** Turns expected counts into scores; drops what is expected too rarely. */
export function maximize(
  scores: Float64Array,
  expected: Float64Array,
  unknownPiece: boolean,
): void {
  const first = unknownPiece ? 1 : 0;
  const isKept = (id: number): boolean => scores[id] !== -Infinity && expected[id]! >= THRESHOLD;
  let sum = 0;
  for (let id = first; id < scores.length; id++) if (isKept(id)) sum += expected[id]!;
  const whole = digamma(sum);
  for (let id = first; id < scores.length; id++)
    scores[id] = isKept(id) ? digamma(expected[id]!) - whole : -Infinity;
}
