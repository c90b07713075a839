import { type Budget, FrugalError, type Needs, resolveBudget, topkIndices } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import { tokenMethodRules } from "./conformance.js";
import { keepTokens, mergeTokens } from "./map.js";
import { divPrune } from "./methods/divprune.js";
import { fastV } from "./methods/fastv.js";
import { random } from "./methods/random.js";
import { tome } from "./methods/tome.js";
import { vtcCls } from "./methods/vtc-cls.js";
import { tokenStep } from "./step.js";
import type { Floats, TokenMap, TokenMethod, TokenState } from "./types.js";

const METHODS: Record<string, (budget: Budget) => TokenMethod> = {
  divPrune: (budget) => divPrune({ budget }),
  fastV: (budget) => fastV({ budget }),
  "fastV after one layer": (budget) => fastV({ budget, layer: 1 }),
  random: (budget) => random({ budget }),
  tome: (budget) => tome({ budget }),
  "tome in spatial order": (budget) =>
    tome({ budget, order: "spatial", proportionalAttention: false }),
  vtcCls: (budget) => vtcCls({ budget }),
};

for (const [name, make] of Object.entries(METHODS)) {
  describe(name, () => {
    for (const rule of tokenMethodRules(make)) test(rule.name, rule.check);
  });
}

interface Parts {
  readonly kept: (features: Floats, count: number, state: TokenState) => Uint32Array;
  readonly map: (map: TokenMap, state: TokenState) => TokenMap;
  readonly count: (total: number, budget: Budget) => number;
  readonly always: boolean;
}

/** Keeps the tokens with the largest first feature: right, but for the part that a test replaces. */
function method(budget: Budget, wrong: Partial<Parts>): TokenMethod {
  const count = wrong.count ?? resolveBudget;
  const kept = wrong.kept ?? largest;
  return {
    name: "wrong",
    open({ tokenCount }) {
      const allowed = count(tokenCount, budget);
      if (allowed >= tokenCount && !wrong.always) return { steps: [] };
      const step = tokenStep({
        stage: { at: "prompt" },
        needs: { features: { signal: "hidden", part: "projector" } } satisfies Needs,
        act({ features }, state) {
          const map = keepTokens(kept(features, Math.min(allowed, state.count), state), state);
          return wrong.map?.(map, state) ?? map;
        },
      });
      return { steps: [step] };
    },
  };
}

const firstColumn = ({ data, dims: [rows = 0, width = 0] }: Floats): Float32Array =>
  Float32Array.from({ length: rows }, (_, n) => data[n * width]!);
const largest = (features: Floats, count: number): Uint32Array =>
  topkIndices(firstColumn(features), count);

let calls = 0;

/** Rule broken, and how. */
const WRONG: readonly (readonly [string, string, (budget: Budget) => TokenMethod])[] = [
  [
    "gives exactly the budget",
    "keeps one token more",
    (b) => method(b, { kept: (x, count) => largest(x, Math.min(count + 1, x.dims[0]!)) }),
  ],
  [
    "makes well-formed maps over the tokens at hand",
    "names a token that does not exist",
    (b) =>
      method(b, {
        map: (map) => ({
          ...map,
          matrix: { ...map.matrix, sources: map.matrix.sources.map((n, i) => (i ? n : 999)) },
        }),
      }),
  ],
  [
    "makes well-formed maps over the tokens at hand",
    "gives a size to each token that went",
    (b) => method(b, { map: (map, { sizes }) => ({ ...map, sizes: sizes.slice() }) }),
  ],
  [
    "is the identity when the budget allows",
    "turns the tokens round",
    (b) => method(b, { always: true, kept: (x, count) => largest(x, count).reverse() }),
  ],
  [
    "gives no token at budget 0",
    "keeps at least one",
    (b) => method(b, { count: (total, budget) => Math.max(1, resolveBudget(total, budget)) }),
  ],
  [
    "refuses what is no budget",
    "takes any number",
    (b) => method(b, { count: (total, budget) => clamped(total, budget) }),
  ],
  [
    "gives the same answer twice",
    "counts its calls",
    (b) => method(b, { kept: (x, count) => cyclic(calls++, count, x.dims[0]!) }),
  ],
  [
    "changes nothing that it is lent",
    "scales the features in place",
    (b) =>
      method(b, {
        kept: (x, count) => {
          x.data.forEach((v, i) => {
            x.data[i] = v * 2;
          });
          return largest(x, count);
        },
      }),
  ],
  [
    "accounts for every token in its sizes",
    "merges the rest into its last token and says nothing",
    (b) =>
      method(b, {
        map: (map, s) => {
          const count = map.matrix.rowCount;
          if (count === 0) return map;
          const rows = Int32Array.from({ length: s.count }, (_, n) => Math.min(n, count - 1));
          return { ...mergeTokens(rows, count, s), sizes: new Float32Array(count).fill(1) };
        },
      }),
  ],
  [
    "stands in the order it says",
    "calls its own order spatial",
    (b) =>
      method(b, {
        kept: (x, count) => largest(x, count).reverse(),
        map: (map) => ({ ...map, order: "spatial" }),
      }),
  ],
  [
    "gives every token a position of its own",
    "puts all tokens on one position",
    (b) =>
      method(b, { map: (map) => ({ ...map, positions: new Int32Array(map.matrix.rowCount) }) }),
  ],
  [
    "keeps to the budget on NaN, infinite, constant and zero signals",
    "keeps what is above a threshold",
    (b) =>
      method(b, {
        kept(x, count) {
          const scores = firstColumn(x);
          const bar = scores.toSorted((a, b) => b - a)[count - 1] ?? Infinity;
          return Uint32Array.from(scores.keys()).filter((n) => scores[n]! >= bar);
        },
      }),
  ],
  [
    "serves every budget of a quarter or more",
    "serves more than half only",
    (b) =>
      method(b, {
        kept(x, count, s) {
          if (count * 2 < s.count) throw new RangeError("too few");
          return largest(x, count);
        },
      }),
  ],
  [
    "names its stages in the order of a pass",
    "goes back to the features after the prompt",
    (b) => {
      const right = method(b, {});
      const look = tokenStep({ stage: { at: "features" }, needs: {}, act: () => null });
      return { ...right, open: (c) => ({ steps: [...right.open(c).steps, look] }) };
    },
  ],
];

describe("the kit", () => {
  test("passes the method that the wrong ones are made from", async () => {
    for (const rule of tokenMethodRules((budget) => method(budget, {}))) await rule.check();
  });

  for (const [rule, fault, make] of WRONG) {
    test(`finds a method that ${fault}`, async () => {
      const broken: string[] = [];
      for (const { name, check } of tokenMethodRules(make)) {
        try {
          await check();
        } catch (error) {
          if (!FrugalError.is(error, "ConformanceError")) throw error;
          expect(error.message).toMatch(/seed \d+/);
          broken.push(name);
        }
      }
      expect(broken).toContain(rule);
    });
  }

  test("has a wrong method for every rule", () => {
    const rules = tokenMethodRules((budget) => method(budget, {})).map(({ name }) => name);
    expect(new Set(WRONG.map(([rule]) => rule))).toEqual(new Set(rules));
  });

  test("cannot judge a method that needs an extra pass", async () => {
    const make = (budget: Budget): TokenMethod => ({
      ...method(budget, {}),
      extras: ["forward"],
    });
    await expect(tokenMethodRules(make)[0]!.check()).rejects.toThrowError(/extra pass/);
  });

  test("replays from the seed it names", async () => {
    const make = WRONG[0]![2];
    const exact = tokenMethodRules(make).find(({ name }) => name === WRONG[0]![0])!;
    const error: unknown = await exact.check().catch((e: unknown) => e);
    const seed = Number(/seed (\d+)/.exec(String(error))![1]);
    const again = tokenMethodRules(make, seed).find(({ name }) => name === WRONG[0]![0])!;
    await expect(again.check()).rejects.toThrowError(`seed ${seed};`);
  });
});

function clamped(total: number, budget: Budget): number {
  const wish =
    "tokens" in budget ? budget.tokens : total * ("keepRatio" in budget ? budget.keepRatio : 0);
  return Math.round(Math.min(total, Math.max(0, wish || 0)));
}

const cyclic = (from: number, count: number, total: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => (from + i) % total).sort();
