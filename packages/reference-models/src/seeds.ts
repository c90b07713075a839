/**
 * Says which seeds the models were trained on, and which are free for evaluations.
 *
 * Units    a range holds `first` and every integer up to, but not with, `end`
 * Errors   none
 */
import { ArgumentError } from "@frugal/tensor/errors";

export interface SeedRange {
  readonly first: number;
  readonly end: number;
}

/** Seeds that no model has seen: evaluations draw from here and nowhere else. */
export const EVALUATION_SEEDS: SeedRange = { first: 0, end: 100_000 };

/** Seeds of the pictures and questions `scenes` was trained on. */
export const TRAINING_SCENE_SEEDS: SeedRange = { first: 100_000, end: 320_000 };

/** Seeds of the notes `fables` and `fables-draft` were trained on. */
export const TRAINING_NOTE_SEEDS: SeedRange = { first: 1_000_000, end: 1_080_000 };

/** Seeds of the pictures whose answers stand in `scores-items.jsonl`. */
export const SCORED_SCENE_SEEDS: SeedRange = { first: 20_000, end: 20_512 };

/** Seeds of the notes whose answers stand in `scores-items.jsonl`. */
export const SCORED_NOTE_SEEDS: SeedRange = { first: 50_000, end: 50_256 };

/** Refuses what is not an integer: two such seeds could stand for one picture. */
export function checkSeed(where: string, seed: number): void {
  if (!Number.isSafeInteger(seed)) throw new ArgumentError(where, "seed", "an integer", seed);
}

export function checkCount(where: string, count: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(count) && count >= 0 && count <= most) return;
  const expected =
    most === Number.MAX_SAFE_INTEGER ? "an integer >= 0" : `an integer in 0..${most}`;
  throw new ArgumentError(where, "count", expected, count);
}
