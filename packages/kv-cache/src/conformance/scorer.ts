/** Rules of scorers. */
import { createRandom, type Floats, type Needs, type Random } from "@frugal/tensor";
import { longestHead } from "../store/view.js";
import type { Scorer, ScoreSession } from "../types.js";
import {
  keptOf,
  type MadeUpCache,
  madeUpCache,
  madeUpSignals,
  type SignalKind,
} from "./made-up.js";
import { between, type Claims, type Rule, rulesOf, sameNumbers } from "./rules.js";

interface ScorerTrial {
  readonly scorer: Scorer;
  readonly needs: readonly [Needs, Needs];
  readonly cache: MadeUpCache;
  /** By layer: of one session, of a second one with the same seed, of one that saw a single layer. */
  readonly scores: readonly Floats[];
  readonly again: readonly Floats[];
  readonly alone: readonly Floats[];
  readonly wroteSignals: boolean;
  readonly hostile: readonly (readonly Floats[])[];
  /** After slots were evicted and new signals came. */
  readonly smaller: MadeUpCache;
  readonly after: readonly Floats[];
  readonly canRollBack: boolean;
  readonly rolledBack: readonly Floats[];
}

const CLAIMS: Claims<ScorerTrial> = [
  ["has a name", ({ scorer }) => scorer.name.length > 0],
  [
    "scores layers or kv heads",
    ({ scorer }) => scorer.granularity === "layer" || scorer.granularity === "kvHead",
  ],
  [
    "says the same needs every time",
    ({ needs: [a, b] }) => JSON.stringify(a) === JSON.stringify(b),
  ],
  ["gives a score to every slot", (t) => t.scores.every((s, l) => fits(t.scorer, t.cache, s, l))],
  ["gives no NaN", (t) => t.scores.every((scores, l) => isOrdered(scores, t.cache, l))],
  ["gives the same answer twice", (t) => same(t.scores, t.again)],
  ["keeps layers apart", (t) => same(t.scores.slice(0, 1), t.alone)],
  ["changes nothing that it is lent", (t) => !t.wroteSignals],
  [
    "survives NaN, zero and constant signals",
    (t) => t.hostile.every((all) => all.every((s, l) => fits(t.scorer, t.cache, s, l))),
  ],
  ["follows slots that move", (t) => t.after.every((s, l) => fits(t.scorer, t.smaller, s, l))],
  ["can go back to a checkpoint", (t) => t.canRollBack && same(t.scores, t.rolledBack)],
];

/** Use: `for (const rule of scorerRules(() => myScorer())) test(rule.name, rule.check)`. */
export function scorerRules(make: () => Scorer, firstSeed = 1): readonly Rule[] {
  return rulesOf(
    CLAIMS,
    () => make().name,
    (random, seed) => trialOf(make(), random, seed),
    firstSeed,
  );
}

async function trialOf(scorer: Scorer, random: Random, seed: number): Promise<ScorerTrial> {
  const cache = madeUpCache(random, { even: scorer.granularity === "layer" || seed % 2 === 0 });
  const { layout } = cache.view;
  const needs = [scorer.needs(layout.model), scorer.needs(layout.model)] as const;
  const layers = layout.layers.map((_, layer) => layer);
  const open = () => scorer.open(layout, createRandom(seed));
  let wroteSignals = false;
  const show = async (
    session: ScoreSession,
    from: MadeUpCache,
    own: readonly number[],
    kind?: SignalKind,
  ) => {
    for (const layer of own) {
      const noise = createRandom(seed).fork(`layer ${layer}`);
      const signals = madeUpSignals(needs[0], layer, from, noise, kind);
      const copies = Object.values(signals).map(({ data }) => data.slice());
      await session.observe?.(layer, signals, 0, longestHead(from.view, layer));
      const now = Object.values(signals);
      if (!copies.every((copy, i) => sameNumbers(copy, now[i]!.data))) wroteSignals = true;
    }
  };
  const read = async (session: ScoreSession, from: MadeUpCache, own: readonly number[]) => {
    const all: Floats[] = [];
    for (const layer of own) {
      const { dims, data } = await session.scores(layer, from.view);
      all.push({ type: "float32", location: "cpu", dims: [...dims], data: data.slice() });
    }
    return all;
  };
  const seen = async (own: readonly number[], kind?: SignalKind) => {
    const session = open();
    await show(session, cache, own, kind);
    return read(session, cache, own);
  };

  const scores = await seen(layers);
  const again = await seen(layers);
  const alone = await seen([0]);
  const hostile = [
    await seen(layers, "nan"),
    await seen(layers, "zero"),
    await seen(layers, "constant"),
  ];

  const session = open();
  await show(session, cache, layers);
  const saved = session.checkpoint?.();
  await read(session, cache, layers);
  const kept = keptSlots(cache, scorer.granularity === "layer", random);
  for (const layer of layers) {
    for (const [head, slots] of kept[layer]!.entries())
      session.compact?.(layer, head, slots.slice());
  }
  const smaller = keptOf(cache, kept);
  await show(session, smaller, layers);
  const after = await read(session, smaller, layers);
  const keepsState = session.observe !== undefined;
  const canRollBack = session.checkpoint
    ? session.restore !== undefined
    : !keepsState && session.restore === undefined;
  session.restore?.(saved);
  const rolledBack = canRollBack ? await read(session, cache, layers) : [];
  return {
    scorer,
    needs,
    cache,
    scores,
    again,
    alone,
    wroteSignals,
    hostile,
    smaller,
    after,
    canRollBack,
    rolledBack,
  };
}

/** Slots that stay, ascending; the same for all heads of a layer where scores are shared. */
function keptSlots(
  { heads }: MadeUpCache,
  shared: boolean,
  random: Random,
): readonly (readonly Uint32Array[])[] {
  return heads.map((layer) => {
    const drawn = (length: number) => {
      const slots = Uint32Array.from({ length }, (_, i) => i).filter(() => random.next() < 0.6);
      return slots.length > 0 ? slots : Uint32Array.of(between(random, 0, length - 1));
    };
    const first = drawn(layer[0]!.positions.length);
    return layer.map(({ positions }) => (shared ? first : drawn(positions.length)));
  });
}

function fits(scorer: Scorer, cache: MadeUpCache, scores: Floats, layer: number): boolean {
  const rows = scorer.granularity === "layer" ? 1 : cache.heads[layer]!.length;
  const longest = longestHead(cache.view, layer);
  return (
    scores.dims.length === 2 &&
    scores.dims[0] === rows &&
    scores.dims[1] === longest &&
    scores.data.length === rows * longest
  );
}

function isOrdered({ dims, data }: Floats, cache: MadeUpCache, layer: number): boolean {
  const [rows, columns] = dims as [number, number];
  for (let row = 0; row < rows; row++) {
    const length = rows === 1 ? columns : cache.view.length(layer, row);
    for (let t = 0; t < length; t++) if (Number.isNaN(data[row * columns + t])) return false;
  }
  return true;
}

function same(a: readonly Floats[], b: readonly Floats[]): boolean {
  return a.length === b.length && a.every(({ data }, i) => sameNumbers(data, b[i]!.data));
}
