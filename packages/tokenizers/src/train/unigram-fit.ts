/** What fitting and pruning of a Unigram vocabulary share. */
import type { Automaton } from "../models/automaton.js";
import type { EdgeParts } from "../models/lattice.js";
import { UNKNOWN_PENALTY } from "../models/unigram.js";

/** See unigram-prune.ts. */
export type PruneRules = "sentencepiece" | "hugging-face";

export interface FitWords {
  readonly texts: readonly string[];
  readonly counts: ArrayLike<number>;
}

export interface FitOptions {
  readonly subIterations: number;
  /** Pieces at which the turns end. */
  readonly desiredSize: number;
  /** Pieces that a vocabulary of some size keeps. */
  readonly keptSize: (size: number) => number;
  readonly prune: PruneRules;
  /** Ends with a fitting, as Hugging Face does; otherwise with a pruning, as SentencePiece does. */
  readonly fitsLast: boolean;
  /** Piece 0 stands for unknown characters alone; otherwise piece 0 counts for them too. */
  readonly unknownPiece: boolean;
}

/** Pieces with scores. */
export interface Fit {
  pieces: string[];
  /** -Infinity: dropped; of the unknown piece NaN. */
  scores: Float64Array;
  automaton: Automaton;
}

/** What a lattice of the words needs; an unknown character counts for piece 0. */
export function edgeParts(scores: Float64Array): EdgeParts {
  let least = Infinity;
  for (const score of scores) if (score > -Infinity) least = Math.min(least, score);
  return { scores, unknown: 0, unknownScore: least - UNKNOWN_PENALTY, singlePrecision: false };
}
