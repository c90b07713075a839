/**
 * Works out the exact law of a procedure that draws uniform numbers, by finding where its behavior changes.
 *
 * Shapes   run(random) -> a word for what happened  ->  word -> probability
 * Cost     per uniform drawn about (GRID + 50 changes) * FILLERS runs, to the power of the uniforms drawn
 * Order    for each uniform the line 0..1 is cut where the outcome changes for one of a few fixed values of the uniforms after it,
 *          by bisection down to rounding; each piece counts with its width
 * Limits   pieces narrower than 1 / GRID between equal neighbors are not seen
 * Errors   StateError where more than MOST_CUTS changes are found: what happens then is no function of the numbers drawn
 */
import { type MaybePromise, type Random, StateError } from "@frugal/tensor";

export type Law = ReadonlyMap<string, number>;
type Run = (random: Random) => MaybePromise<string>;

const GRID = 32;
const FILLERS = 4;
const NARROW = 1e-15;
/** A toy law has some ten; a procedure that keeps changing its mind would be bisected for ever. */
const MOST_CUTS = 200;
const SEPARATOR = "\u0000";

export async function exactLaw(run: Run): Promise<Law> {
  const law = new Map<string, number>();
  await integrate(run, [], 1, law);
  return law;
}

async function integrate(
  run: Run,
  fixed: readonly number[],
  weight: number,
  law: Map<string, number>,
): Promise<void> {
  const probe = await trial(run, fixed, 0);
  if (probe.drawn <= fixed.length) {
    law.set(probe.outcome, (law.get(probe.outcome) ?? 0) + weight);
    return;
  }
  const signature = async (u: number): Promise<string> => {
    const seen: string[] = [];
    for (let filler = 0; filler < FILLERS; filler++) {
      const { outcome, drawn } = await trial(run, [...fixed, u], filler);
      seen.push(`${drawn}:${outcome}`);
    }
    return seen.join(SEPARATOR);
  };
  const cuts = [0];
  let left = 0.5 / GRID;
  let before = await signature(left);
  for (let i = 1; i < GRID; i++) {
    const right = (i + 0.5) / GRID;
    const after = await signature(right);
    await bisect(signature, left, before, right, after, cuts);
    [left, before] = [right, after];
  }
  cuts.push(1);
  for (let i = 1; i < cuts.length; i++) {
    const [start, end] = [cuts[i - 1]!, cuts[i]!];
    await integrate(run, [...fixed, (start + end) / 2], weight * (end - start), law);
  }
}

/** Adds every change between two points whose signatures are known. */
async function bisect(
  signature: (u: number) => Promise<string>,
  left: number,
  before: string,
  right: number,
  after: string,
  cuts: number[],
): Promise<void> {
  if (before === after) return;
  const middle = (left + right) / 2;
  if (right - left < NARROW || middle <= left || middle >= right) {
    if (cuts.push(middle) > MOST_CUTS) {
      throw new StateError("exactLaw", "the outcome is no function of the numbers drawn");
    }
    return;
  }
  const between = await signature(middle);
  await bisect(signature, left, before, middle, between, cuts);
  await bisect(signature, middle, between, right, after, cuts);
}

/** One run: the fixed uniforms first, then a fixed sequence spread over 0..1. */
async function trial(
  run: Run,
  fixed: readonly number[],
  filler: number,
): Promise<{ readonly outcome: string; readonly drawn: number }> {
  let drawn = 0;
  const random: Random = {
    next() {
      const at = drawn++;
      return fixed[at] ?? ((filler + 1) * 0.6180339887498949 + at * 0.7548776662466927) % 1;
    },
    fork: () => random,
  };
  return { outcome: await run(random), drawn };
}

/** Largest difference of two laws, over all words of both. */
export function largestGap(a: Law, b: Law): { readonly gap: number; readonly at: string } {
  let worst = { gap: 0, at: "" };
  for (const at of new Set([...a.keys(), ...b.keys()])) {
    const gap = Math.abs((a.get(at) ?? 0) - (b.get(at) ?? 0));
    if (gap > worst.gap || Number.isNaN(gap)) worst = { gap, at };
  }
  return worst;
}
