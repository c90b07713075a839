import { describe, expect, test } from "vitest";
import { verifierRules } from "../src/conformance.js";
import { exactLaw } from "../src/exact-law.js";
import { allDrafts, type ToyModel, treeOf, type WeightedTree } from "../src/toy-models.js";
import type { Verdict, Verifier } from "../src/types.js";
import { greedyTree, sampleAndMatch } from "../src/verifiers/index.js";
import { drawsForEachRow, textbook } from "./faulty-verifiers.js";

const F4: ToyModel = {
  name: "F4",
  width: 4,
  depth: 2,
  target: () => Float32Array.of(0.4, 0.3, 0.2, 0.1),
  draft: () => Float32Array.of(0.1, 0.2, 0.3, 0.4),
};
const ONE = [-1, 0];
const TWO = [-1, 0, 0];
const independent = (parents: number[]) => allDrafts(F4, parents, "independent");
const distinct = (parents: number[]) => allDrafts(F4, parents, "withoutReplacement");
const fixed = (...tokens: number[]): WeightedTree[] => [
  { tree: treeOf(F4, [0, ...tokens], [-1, ...tokens.map(() => 0)], "deterministic"), weight: 1 },
];

/** Law of the first emitted token, and the chance that a draft is accepted. */
async function firstToken(verifier: Verifier, drafts: readonly WeightedTree[]) {
  const law = [0, 0, 0, 0];
  let accepted = 0;
  for (const { tree, weight } of drafts) {
    const words = await exactLaw(async (random) => {
      const verdict = await verifier.verify(tree, () => F4.target([]), random);
      const first = verdict.accepted[1];
      return `${first === undefined ? verdict.next : tree.tokens[first]} ${verdict.accepted.length}`;
    });
    for (const [word, mass] of words) {
      const [token, length] = word.split(" ").map(Number) as [number, number];
      law[token]! += mass * weight;
      if (length > 1) accepted += mass * weight;
    }
  }
  return { law, accepted };
}

describe("laws on the card's fixture", () => {
  test.each([
    [textbook("independent"), independent(ONE), 0.6],
    [textbook("independent"), independent(TWO), 0.72],
    [textbook("independent"), independent([-1, 0, 0, 0]), 0.768],
    [textbook("withoutReplacement"), distinct(ONE), 3 / 5],
    [textbook("withoutReplacement"), distinct(TWO), 107 / 140],
    [textbook("withoutReplacement"), distinct([-1, 0, 0, 0]), 14117 / 16800],
    [textbook("deterministic"), fixed(1, 2), 0.5],
    [sampleAndMatch(), fixed(1, 2), 0.5],
    [sampleAndMatch(), fixed(2, 1), 0.5],
    [sampleAndMatch(), fixed(1, 1), 0.3],
    [sampleAndMatch(), independent(ONE), 0.2],
  ])("$name keeps the law, %#", async (verifier, drafts, rate) => {
    const { law, accepted } = await firstToken(verifier, drafts);
    [0.4, 0.3, 0.2, 0.1].forEach((p, token) => {
      expect(law[token]).toBeCloseTo(p, 6);
    });
    expect(accepted).toBeCloseTo(rate, 6);
  });
});

interface Mistake {
  readonly mistake: string;
  readonly verifier: Verifier;
  readonly drafts: readonly WeightedTree[];
  readonly law: readonly number[];
}

const MISTAKES: readonly Mistake[] = [
  {
    mistake: "resamples from p on rejection",
    verifier: textbook("independent", { resampleTarget: true }),
    drafts: independent(ONE),
    law: [0.26, 0.32, 0.28, 0.14],
  },
  {
    mistake: "does not update the residual between siblings",
    verifier: textbook("independent", { staleResidual: true }),
    drafts: independent(TWO),
    law: [0.26, 0.32, 0.28, 0.14],
  },
  {
    mistake: "takes |p - q| for the residual",
    verifier: textbook("independent", {
      residual: (P, Q) => {
        const gaps = P.map((p, i) => Math.abs(p - Q[i]!));
        const total = gaps.reduce((a, b) => a + b, 0);
        return gaps.map((gap) => gap / total);
      },
    }),
    drafts: independent(ONE),
    law: [0.25, 0.25, 0.25, 0.25],
  },
  {
    mistake: "inverts the ratio",
    verifier: textbook("independent", { accept: (u, p, q) => u * p < q }),
    drafts: independent(ONE),
    law: [0.13125, 0.16875, 0.3, 0.4],
  },
  {
    mistake: "draws the residual with the coin's number",
    verifier: textbook("independent", { reuseUniform: true }),
    drafts: independent(ONE),
    law: [0.325, 0.375, 0.2, 0.1],
  },
  {
    mistake: "does not renormalize q without replacement",
    verifier: textbook("withoutReplacement", { renormalize: false }),
    drafts: distinct(TWO),
    law: [699 / 1960, 673 / 1960, 0.2, 0.1],
  },
  {
    mistake: "drops equal independent siblings",
    verifier: textbook("independent", {
      order: (children, tree) =>
        children.filter(
          (c, i) => children.findIndex((d) => tree.tokens[d] === tree.tokens[c]) === i,
        ),
    }),
    drafts: independent(TWO),
    law: [209 / 560, 183 / 560, 0.2, 0.1],
  },
  {
    mistake: "visits siblings without replacement in random order",
    verifier: textbook("withoutReplacement", {
      order: (children, _, __, random) =>
        children.length > 1 && random.next() < 0.5 ? children.reverse() : children,
    }),
    drafts: distinct(TWO),
    law: [0.39804, 0.3097, 0.20278, 0.08948],
  },
  {
    mistake: "visits siblings without replacement by descending q",
    verifier: textbook("withoutReplacement", {
      order: (children, tree, q) =>
        children.sort((a, b) => q[tree.tokens[b]!]! - q[tree.tokens[a]!]!),
    }),
    drafts: distinct(TWO),
    law: [0.43775, 0.22535, 0.15794, 0.17897],
  },
  {
    mistake: "tests deterministic children with p / q",
    verifier: textbook("deterministic", { law: [0.1, 0.2, 0.3, 0.4] }),
    drafts: fixed(1, 2),
    law: [0, 1, 0, 0],
  },
  {
    mistake: "draws anew for each row",
    verifier: drawsForEachRow(),
    drafts: fixed(1),
    law: [0.28, 0.51, 0.14, 0.07],
  },
  {
    mistake: "adds a tolerance to the ratio",
    verifier: textbook("independent", { accept: (u, p, q) => u < p / q + 0.05 }),
    drafts: independent(ONE),
    law: [0.37375, 0.29125, 0.215, 0.12],
  },
];

/** Names of the rules that a verifier breaks. */
async function broken(verifier: Verifier, options = {}): Promise<string[]> {
  const names: string[] = [];
  for (const rule of verifierRules(() => verifier, options)) {
    await rule.check().catch((error: unknown) => {
      expect(error).toMatchObject({ code: "ConformanceError", rule: rule.name });
      names.push(rule.name);
    });
  }
  return names;
}

describe("wrong verifiers", () => {
  test.each(MISTAKES)("$mistake: its law is known", async ({ verifier, drafts, law }) => {
    const found = await firstToken(verifier, drafts);
    law.forEach((p, token) => {
      expect(found.law[token]).toBeCloseTo(p, 5);
    });
  });

  test.each(MISTAKES)("$mistake: the rules reject it", async ({ verifier }) => {
    expect(await broken(verifier)).toContain("keeps the law of the next token");
  });

  const changed = (name: string, change: (verdict: Verdict) => Verdict): Verifier => {
    const inner = sampleAndMatch();
    const verify: Verifier["verify"] = async (tree, law, random) =>
      change(await inner.verify(tree, law, random));
    return { ...inner, name, verify };
  };

  test.each([
    [
      "accepts a path that begins at the root",
      changed("drops the root", ({ accepted, next }) => ({ accepted: accepted.slice(1), next })),
    ],
    [
      "accepts a path that begins at the root",
      changed("emits no token", ({ accepted }) => ({ accepted, next: -1 })),
    ],
    [
      "keeps the joint law of the tokens after it",
      changed("forgets the last accepted row's token", ({ accepted, next }) =>
        accepted.length > 2 ? { accepted, next: 0 } : { accepted, next },
      ),
    ],
    [
      "asks only for the laws of rows it reaches",
      {
        ...sampleAndMatch(),
        verify: (tree, law, random) => {
          for (let row = 0; row < tree.tokens.length; row++) void law(row);
          return sampleAndMatch().verify(tree, law, random);
        },
      } satisfies Verifier,
    ],
    [
      "never emits or accepts a token without mass",
      textbook("independent", { accept: (u, p, q) => u * q <= p }),
    ],
    [
      "refuses the kinds of draft it does not name",
      { ...sampleAndMatch(), accepts: ["deterministic"] } satisfies Verifier,
    ],
    ["refuses the kinds of draft it does not name", { ...sampleAndMatch(), accepts: [] }],
  ] as const)("one that breaks: %s", async (rule, verifier) => {
    expect(await broken(verifier)).toContain(rule);
  });

  test("one whose decisions depend on what it decided before", async () => {
    let turn = 0;
    const verifier = changed("counts", ({ accepted, next }) => ({
      accepted,
      next: (next + turn++) % 3,
    }));
    expect(await broken(verifier)).toContain(
      "decides the same with the same numbers, promised laws or not",
    );
  });

  test("greedy decoding of a law that is not one-hot", async () => {
    expect(await broken(greedyTree())).toContain("keeps the law of the next token");
  });

  test("a lossy verifier that says so is not held to the laws", async () => {
    expect(await broken({ ...greedyTree(), exact: false })).toEqual([]);
  });
});

describe.each([
  ["sampleAndMatch", sampleAndMatch, {}],
  ["greedyTree", greedyTree, { greedy: true }],
  ["sampleAndMatch at temperature 0", sampleAndMatch, { greedy: true }],
  ["speculative sampling and multi-step", () => textbook("independent"), {}],
  ["recursive rejection", () => textbook("withoutReplacement"), {}],
  ["one-hot", () => textbook("deterministic"), {}],
] as const)("%s conforms", (_, make, options) => {
  for (const rule of verifierRules(make, options)) test(rule.name, rule.check);
});
