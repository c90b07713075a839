/** Rules of reducers. */
import type { HeadPlan, Random, SparseRows } from "@frugal/tensor";
import { protectedCount } from "../store/view.js";
import type { Reducer } from "../types.js";
import { type MadeUpCache, madeUpCache } from "./made-up.js";
import { between, type Claims, type Rule, rulesOf, sameNumbers } from "./rules.js";

interface ReducerTrial {
  readonly name: string;
  readonly cache: MadeUpCache;
  readonly length: number;
  readonly protectedCount: number;
  readonly slots: number;
  readonly plan: HeadPlan;
  readonly again: HeadPlan;
  readonly none: HeadPlan;
  readonly whole: HeadPlan;
  readonly hostile: readonly HeadPlan[];
  readonly wrote: boolean;
}

const every = (t: ReducerTrial) => [t.plan, t.none, t.whole, ...t.hostile];

const CLAIMS: Claims<ReducerTrial> = [
  ["has a name", ({ name }) => name.length > 0],
  [
    "makes plans over the slots there are",
    (t) => every(t).every((plan) => isSound(plan, t.length)),
  ],
  [
    "leaves exactly the slots asked for, or the protected ones where those are more",
    (t) =>
      [t.plan, ...t.hostile].every(
        ({ positions }) => positions.length === Math.max(t.slots, t.protectedCount),
      ),
  ],
  ["leaves only protected slots of 0", (t) => t.none.positions.length === t.protectedCount],
  ["keeps protected slots as they are", (t) => every(t).every((plan) => keepsProtected(plan, t))],
  ["keeps everything when all may stay", (t) => isWhole(t.whole, t)],
  ["orders positions", (t) => every(t).every(({ positions }) => ascends(positions))],
  [
    "gives the same answer twice",
    ({ plan, again }) =>
      sameRows(plan.keysFrom, again.keysFrom) && sameNumbers(plan.positions, again.positions),
  ],
  ["changes nothing that it is lent", (t) => !t.wrote],
];

/** Use: `for (const rule of reducerRules(() => myReducer())) test(rule.name, rule.check)`. */
export function reducerRules(make: () => Reducer, firstSeed = 1): readonly Rule[] {
  return rulesOf(
    CLAIMS,
    () => make().name,
    (random) => trialOf(make(), random),
    firstSeed,
  );
}

async function trialOf(reducer: Reducer, random: Random): Promise<ReducerTrial> {
  const cache = madeUpCache(random, { even: false });
  const layer = between(random, 0, cache.heads.length - 1);
  const head = between(random, 0, cache.heads[0]!.length - 1);
  const { positions } = cache.heads[layer]![head]!;
  const { length } = positions;
  const slots = between(random, 0, length);
  const scores = Float32Array.from({ length }, () => random.next());
  const copies = [scores.slice(), positions.slice()];
  const reduce = async (count: number, own: Float32Array) =>
    reducer.reduce({ layer, head, slots: count, scores: own, cache: cache.view });
  const plan = await reduce(slots, scores);
  const again = await reduce(slots, scores);
  const wrote = !sameNumbers(scores, copies[0]!) || !sameNumbers(positions, copies[1]!);
  const only = { ...cache, heads: [[cache.heads[layer]![head]!]] };
  return {
    name: reducer.name,
    cache: only,
    length,
    protectedCount: protectedCount(cache.view, layer, head),
    slots,
    plan,
    again,
    none: await reduce(0, scores),
    whole: await reduce(length, scores),
    hostile: [
      await reduce(slots, new Float32Array(length).fill(Number.NaN)),
      await reduce(slots, new Float32Array(length)),
      await reduce(
        slots,
        scores.map((score, i) => (i % 2 === 0 ? -Infinity : score)),
      ),
    ],
    wrote,
  };
}

function isSound({ keysFrom, valuesFrom, positions, logWeights }: HeadPlan, length: number) {
  return (
    [keysFrom, valuesFrom].every((rows) => isSoundRows(rows, positions.length, length)) &&
    (logWeights === null ||
      (logWeights.length === positions.length && logWeights.every(Number.isFinite)))
  );
}

function isSoundRows(rows: SparseRows, rowCount: number, sourceCount: number): boolean {
  const { starts, sources, weights } = rows;
  return (
    rows.rowCount === rowCount &&
    rows.sourceCount === sourceCount &&
    starts.length === rowCount + 1 &&
    starts[0] === 0 &&
    starts.every((start, i) => i === 0 || start >= starts[i - 1]!) &&
    starts[rowCount] === sources.length &&
    weights.length === sources.length &&
    sources.every((source) => source < sourceCount) &&
    weights.every(Number.isFinite)
  );
}

/** Each protected slot is a row of its own, with its position. */
function keepsProtected(plan: HeadPlan, { cache }: ReducerTrial): boolean {
  const { isProtected, positions } = cache.heads[0]![0]!;
  const own = new Map<number, number>();
  const { starts, sources, weights, rowCount } = plan.keysFrom;
  for (let row = 0; row < rowCount; row++) {
    const at = starts[row]!;
    if (starts[row + 1] === at + 1 && weights[at] === 1) own.set(sources[at]!, row);
  }
  return isProtected.every((needed, slot) => {
    const row = own.get(slot);
    return !needed || (row !== undefined && plan.positions[row] === positions[slot]);
  });
}

function isWhole(plan: HeadPlan, { cache, length }: ReducerTrial): boolean {
  const { positions, logWeights } = cache.heads[0]![0]!;
  const weights = logWeights ?? new Float32Array(length);
  return (
    [plan.keysFrom, plan.valuesFrom].every(
      ({ sources, weights: all, rowCount }) =>
        rowCount === length && sources.every((s, i) => s === i) && all.every((w) => w === 1),
    ) &&
    sameNumbers(plan.positions, positions) &&
    sameNumbers(plan.logWeights ?? new Float32Array(length), weights)
  );
}

function ascends(positions: Int32Array): boolean {
  return positions.every((position, i) => i === 0 || position >= positions[i - 1]!);
}

function sameRows(a: SparseRows, b: SparseRows): boolean {
  return (
    sameNumbers(a.starts, b.starts) &&
    sameNumbers(a.sources, b.sources) &&
    sameNumbers(a.weights, b.weights)
  );
}
