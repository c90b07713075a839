/**
 * The options of fitting a Unigram vocabulary.
 *
 * Errors   ArgumentError that names the trainer and the option
 */
import * as options from "./options.js";

export interface UnigramEmOptions {
  /** What a pruning leaves of the pieces: above 0, below 1. Default: 0.75. */
  readonly shrinkingFactor?: number | undefined;
  /** Turns of fitting before each pruning. Default: 2. */
  readonly subIterations?: number | undefined;
  /** Code points of a piece. Default: 16. */
  readonly maxPieceLength?: number | undefined;
  /** Substrings to begin with, at most. Default: 1000000. */
  readonly seedSize?: number | undefined;
}

/** Code points of a piece: as in SentencePiece. */
export const PIECE_LENGTH_LIMIT = 512;
const SUB_ITERATION_LIMIT = 100;

export function emOptions(where: string, given: UnigramEmOptions) {
  const between = (name: keyof UnigramEmOptions, fallback: number, most: number): number =>
    options.between(where, name, given[name], fallback, most);
  return {
    shrinkingFactor: options.shrinkingFactor(where, given.shrinkingFactor, 0.75),
    subIterations: between("subIterations", 2, SUB_ITERATION_LIMIT),
    maxPieceLength: between("maxPieceLength", 16, PIECE_LENGTH_LIMIT),
    seedSize: between("seedSize", 1_000_000, Number.MAX_SAFE_INTEGER),
  };
}
