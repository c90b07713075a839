/** Rules of allocators. */
import { type Floats, floats, type Random } from "@frugal/tensor";
import { boundsOf } from "../policy/apportion.js";
import { longestHead } from "../store/view.js";
import type { Allocator } from "../types.js";
import { type MadeUpCache, madeUpCache } from "./made-up.js";
import { between, type Claims, type Rule, rulesOf, sameNumbers } from "./rules.js";

interface AllocatorTrial {
  readonly name: string;
  readonly lower: Uint32Array;
  readonly upper: Uint32Array;
  readonly total: number;
  readonly counts: Uint32Array;
  readonly again: Uint32Array;
  readonly none: Uint32Array;
  readonly whole: Uint32Array;
  /** With scores that are NaN, infinite and equal. */
  readonly hostile: readonly Uint32Array[];
}

const every = (t: AllocatorTrial) => [t.counts, t.again, t.none, t.whole, ...t.hostile];

const CLAIMS: Claims<AllocatorTrial> = [
  ["has a name", ({ name }) => name.length > 0],
  ["counts every head", (t) => every(t).every(({ length }) => length === t.upper.length)],
  [
    "gives exactly the total, or what is protected where that is more",
    (t) =>
      [t.counts, ...t.hostile].every((counts) => sum(counts) === Math.max(t.total, sum(t.lower))),
  ],
  [
    "gives no head more than it has",
    (t) => every(t).every((counts) => counts.every((count, i) => count <= t.upper[i]!)),
  ],
  [
    "leaves every head its protected slots",
    (t) => every(t).every((counts) => counts.every((count, i) => count >= t.lower[i]!)),
  ],
  ["gives only protected slots of a total of 0", (t) => sameNumbers(t.none, t.lower)],
  ["gives everything when the total allows", (t) => sameNumbers(t.whole, t.upper)],
  ["gives the same answer twice", (t) => sameNumbers(t.counts, t.again)],
];

/** Use: `for (const rule of allocatorRules(() => myAllocator())) test(rule.name, rule.check)`. */
export function allocatorRules(make: () => Allocator, firstSeed = 1): readonly Rule[] {
  return rulesOf(
    CLAIMS,
    () => make().name,
    async (random, seed) => trialOf(make(), random, seed),
    firstSeed,
  );
}

function trialOf(allocator: Allocator, random: Random, seed: number): AllocatorTrial {
  const cache = madeUpCache(random, { even: seed % 2 === 0 });
  const { lower, upper } = boundsOf(cache.view);
  const total = between(random, 0, sum(upper));
  const plain = scoresOf(cache, () => random.next());
  const allocate = (totalSlots: number, scores: readonly Floats[]) =>
    allocator.allocate({ totalSlots, cache: cache.view, scores: (layer) => scores[layer]! });
  return {
    name: allocator.name,
    lower,
    upper,
    total,
    counts: allocate(total, plain),
    again: allocate(total, plain),
    none: allocate(0, plain),
    whole: allocate(sum(upper) + between(random, 0, 9), plain),
    hostile: [Number.NaN, -Infinity, Infinity, 0].map((value) =>
      allocate(
        total,
        scoresOf(cache, (i) => (value === 0 || i % 2 === 0 ? value : random.next())),
      ),
    ),
  };
}

function scoresOf({ view, heads }: MadeUpCache, draw: (i: number) => number): readonly Floats[] {
  return heads.map((layer, l) => {
    const longest = longestHead(view, l);
    const data = Float32Array.from({ length: layer.length * longest }, (_, i) => draw(i));
    return floats([layer.length, longest], data);
  });
}

function sum(counts: Uint32Array): number {
  return counts.reduce((total, count) => total + count, 0);
}
