/**
 * One trial of a method: the runs that the rules of the conformance kit judge.
 *
 * Units    N 6 .. 45 tokens, a budget of 1 .. N - 1 in tokens or as a ratio, all drawn from the seed
 * Errors   CapabilityError when the made-up model lacks what the method needs
 */
import { type Budget, CapabilityError, createRandom } from "@frugal/tensor";
import type { TokenMethod } from "../types.js";
import { drive, project, type Run } from "./drive.js";
import { contextOf, type Spoil } from "./model.js";

export interface Trial {
  readonly seed: number;
  readonly tokenCount: number;
  readonly count: number;
  readonly run: Run;
  /** The same request again, after the method has served another. */
  readonly again: Run;
  readonly whole: readonly Run[];
  readonly none: Run;
  readonly hostile: readonly Run[];
  /** What became of budgets that are none: error codes, "" where one was taken. */
  readonly refusals: readonly string[];
}

const SPOILS: readonly Spoil[] = ["nan", "constant", "zero", "infinite"];
const NO_BUDGETS: readonly Budget[] = [
  { tokens: -1 },
  { tokens: 1.5 },
  { tokens: Number.NaN },
  { keepRatio: -0.1 },
  { keepRatio: 1.01 },
  { keepRatio: Number.NaN },
];

export async function runTrial(
  make: (budget: Budget) => TokenMethod,
  seed: number,
): Promise<Trial> {
  const random = createRandom(seed).fork("trial");
  const tokenCount = 6 + Math.floor(random.next() * 40);
  const count = 1 + Math.floor(random.next() * (tokenCount - 1));
  const budget: Budget = seed % 2 ? { tokens: count } : { keepRatio: count / tokenCount };
  const context = { ...contextOf(tokenCount, { seed }), extras: { project } };
  const other = { ...contextOf(tokenCount + 1, { seed: seed + 1 }), extras: { project } };
  const runs = (of: Budget, spoil?: Spoil) => drive(() => make(of), context, seed, spoil);

  const used = lazily(() => usable(make(budget)));
  const run = await drive(used, context, seed);
  await drive(used, other, seed + 1);
  return {
    seed,
    tokenCount,
    count,
    run,
    again: await drive(used, context, seed),
    whole: [await runs({ tokens: tokenCount + 3 }), await runs({ keepRatio: 1 })],
    none: await runs({ tokens: 0 }),
    hostile: await inTurn(SPOILS, (spoil) => runs(budget, spoil)),
    refusals: await inTurn(NO_BUDGETS, async (bad) => (await runs(bad)).failure),
  };
}

function usable(method: TokenMethod): TokenMethod {
  if (method.extras?.includes("forward"))
    throw new CapabilityError("conformance kit", ["extra pass of the model"]);
  return method;
}

/** Makes once, on the first call that succeeds. */
function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

async function inTurn<A, B>(items: readonly A[], run: (item: A) => Promise<B>): Promise<B[]> {
  const out: B[] = [];
  for (const item of items) out.push(await run(item));
  return out;
}
