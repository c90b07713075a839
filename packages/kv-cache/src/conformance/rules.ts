/** A kit is a list of named claims over trials; each trial is made from a seed. */
import { ConformanceError, createRandom, type Random } from "@frugal/tensor";

const ROUNDS = 48;

export interface Rule {
  readonly name: string;
  check(): Promise<void>;
}

export type Claims<T> = readonly (readonly [name: string, holds: (trial: T) => boolean])[];

/** @param run makes the trial of a seed; what it throws breaks every rule */
export function rulesOf<T>(
  claims: Claims<T>,
  subject: () => string,
  run: (random: Random, seed: number) => Promise<T>,
  firstSeed: number,
): readonly Rule[] {
  // Rules share their trials: a trial is plain data that no claim changes.
  const trials = new Map<number, Promise<T>>();
  const trial = (seed: number): Promise<T> => {
    const known = trials.get(seed) ?? run(createRandom(seed), seed);
    trials.set(seed, known);
    return known;
  };
  return claims.map(([name, holds]) => ({
    name,
    async check() {
      for (let seed = firstSeed; seed < firstSeed + ROUNDS; seed++) {
        const failure = await verdict(holds, () => trial(seed));
        if (failure !== null) throw new ConformanceError(subject(), name, `seed ${seed}`, failure);
      }
    },
  }));
}

async function verdict<T>(
  holds: (trial: T) => boolean,
  run: () => Promise<T>,
): Promise<string | null> {
  try {
    return holds(await run()) ? null : "";
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

/** An integer of `least..most`. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random.next() * (most - least + 1));
}

export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
