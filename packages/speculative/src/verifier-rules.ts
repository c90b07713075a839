/** Rules every Verifier obeys; laws are enumerated exactly, for each way of drawing a draft that it accepts. */
import { ConformanceError, createRandom, type DraftTree, FrugalError } from "@frugal/tensor";
import { exactLaw, largestGap } from "./exact-law.js";
import { casesOf } from "./toy-cases.js";
import { FOUR_TOKENS, pathOf, type ToyModel, treeOf } from "./toy-models.js";
import type { Drawn, Verdict, Verifier } from "./types.js";

export interface Rule {
  readonly name: string;
  check(): Promise<void>;
}

export interface VerifierRuleOptions {
  /** The verifier decodes at temperature 0: the laws it sees are one-hot. Default false. */
  readonly greedy?: boolean;
  /** It must see the laws of rows it does not reach (leaf-first verifiers). Default false. */
  readonly readsAhead?: boolean;
}

/** What a rule finds wrong, with the case's name; null: nothing. */
type Finding = { readonly seed: string; readonly detail: string } | null;
type Check = (verifier: Verifier, options: VerifierRuleOptions) => Promise<Finding>;

const LARGEST_ERROR = 1e-12;
const KINDS: readonly Drawn[] = ["deterministic", "independent", "withoutReplacement"];

const LAW_RULES: readonly (readonly [string, Check])[] = [
  ["keeps the law of the next token", (verifier, options) => lawFinding(verifier, options, 1)],
  [
    "keeps the joint law of the tokens after it",
    (verifier, options) => lawFinding(verifier, options, 0),
  ],
];

const RULES: readonly (readonly [string, Check])[] = [
  ["accepts a path that begins at the root", pathFinding],
  ["asks only for the laws of rows it reaches", askedFinding],
  ["never emits or accepts a token without mass", massFinding],
  ["decides the same with the same numbers, promised laws or not", sameFinding],
  ["refuses the kinds of draft it does not name", kindFinding],
];

/**
 * Use      for (const rule of verifierRules(() => myVerifier())) test(rule.name, rule.check);
 * Errors   ConformanceError naming rule and case. A verifier with `exact: false` is not held to the laws.
 */
export function verifierRules(
  make: () => Verifier,
  options: VerifierRuleOptions = {},
): readonly Rule[] {
  const rules = make().exact ? [...RULES, ...LAW_RULES] : RULES;
  return rules.map(([name, find]) => ({
    name,
    async check() {
      const verifier = make();
      const found = await find(verifier, options).catch(
        (error: unknown): Finding => ({ seed: "a case", detail: String(error) }),
      );
      if (found) throw new ConformanceError(verifier.name, name, found.seed, found.detail);
    },
  }));
}

const lawsOf = (model: ToyModel, tree: DraftTree) => (row: number) =>
  model.target(pathOf(tree, row));

const emittedOf = (tree: DraftTree, { accepted, next }: Verdict): number[] => [
  ...accepted.slice(1).map((row) => tree.tokens[row]!),
  next,
];

/** Compares the law of the first `count` emitted tokens (0: as many as the model is deep) with plain sampling's. */
async function lawFinding(
  verifier: Verifier,
  options: VerifierRuleOptions,
  count: number,
): Promise<Finding> {
  for (const { name, model, drafts } of casesOf(verifier, options.greedy ?? false)) {
    const length = count || model.depth;
    const law = new Map<string, number>();
    for (const { tree, weight } of drafts) {
      const emitted = await exactLaw(async (random) =>
        emittedOf(tree, await verifier.verify(tree, lawsOf(model, tree), random)).join(" "),
      );
      for (const [word, mass] of emitted) {
        continued(model, word.split(" ").map(Number).slice(0, length), mass * weight, length, law);
      }
    }
    const plain = new Map<string, number>();
    continued(model, [], 1, length, plain);
    const { gap, at } = largestGap(law, plain);
    if (!(gap < LARGEST_ERROR)) {
      const [got, wanted] = [law.get(at) ?? 0, plain.get(at) ?? 0];
      return { seed: name, detail: `tokens ${at}: probability ${got}, not ${wanted}` };
    }
  }
  return null;
}

/** Adds what plain sampling makes of a beginning. */
function continued(
  model: ToyModel,
  path: readonly number[],
  mass: number,
  length: number,
  law: Map<string, number>,
): void {
  if (path.length === length) {
    const word = path.join(" ");
    law.set(word, (law.get(word) ?? 0) + mass);
    return;
  }
  model.target(path).forEach((p, token) => {
    if (p > 0) continued(model, [...path, token], mass * p, length, law);
  });
}

/** Runs every draft with a few seeds and shows what was decided to `judge`. */
async function eachVerdict(
  verifier: Verifier,
  options: VerifierRuleOptions,
  judge: (
    tree: DraftTree,
    verdict: Verdict,
    asked: readonly number[],
    width: number,
  ) => string | null,
): Promise<Finding> {
  for (const { name, model, drafts } of casesOf(verifier, options.greedy ?? false)) {
    for (const { tree } of drafts) {
      for (let seed = 1; seed <= 4; seed++) {
        const asked: number[] = [];
        const law = (row: number) => {
          asked.push(row);
          return lawsOf(model, tree)(row);
        };
        const verdict = await verifier.verify(tree, law, createRandom(seed));
        const detail = judge(tree, verdict, asked, model.width);
        if (detail) return { seed: `${name}, seed ${seed}`, detail };
      }
    }
  }
  return null;
}

function pathFinding(verifier: Verifier, options: VerifierRuleOptions): Promise<Finding> {
  return eachVerdict(verifier, options, (tree, { accepted, next }, _, width) => {
    const isPath = accepted.every(
      (row, i) => tree.parents[row] === (i === 0 ? -1 : accepted[i - 1]),
    );
    if (!isPath || accepted[0] !== 0) return `accepted rows [${accepted}]`;
    const isToken = Number.isInteger(next) && next >= 0 && next < width;
    return isToken ? null : `next is ${next}`;
  });
}

async function askedFinding(verifier: Verifier, options: VerifierRuleOptions): Promise<Finding> {
  return eachVerdict(verifier, options, (tree, { accepted }, asked) => {
    const known = (row: number) =>
      options.readsAhead ? row >= 0 && row < tree.tokens.length : accepted.includes(row);
    const foreign = asked.find((row) => !known(row));
    return foreign === undefined ? null : `asked for row ${foreign}, accepted [${accepted}]`;
  });
}

async function massFinding(verifier: Verifier): Promise<Finding> {
  const model: ToyModel = {
    ...FOUR_TOKENS,
    target: () => Float32Array.of(0, 0.5, 0, 0.5),
    draft: () => Float32Array.of(0.25, 0.25, 0.25, 0.25),
  };
  for (const drawn of verifier.accepts) {
    for (const u of [0, 0.25, 0.5, 0.75, 1 - 2 ** -53]) {
      const tree = treeOf(model, [0, 0, 2], [-1, 0, 0], drawn);
      const random = { next: () => u, fork: () => random };
      const { accepted, next } = await verifier.verify(tree, lawsOf(model, tree), random);
      if (accepted.length > 1 || next === 0 || next === 2) {
        const detail = `accepted [${accepted}], next ${next}`;
        return { seed: `${drawn}, every uniform ${u}`, detail };
      }
    }
  }
  return null;
}

async function sameFinding(verifier: Verifier, options: VerifierRuleOptions): Promise<Finding> {
  for (const { name, model, drafts } of casesOf(verifier, options.greedy ?? false)) {
    for (const { tree } of drafts) {
      const law = lawsOf(model, tree);
      const first = await verifier.verify(tree, law, createRandom(7));
      const again = await verifier.verify(tree, async (row) => law(row), createRandom(7));
      const [a, b] = [first, again].map((verdict) => emittedOf(tree, verdict).join(" "));
      if (a !== b) return { seed: `${name}, seed 7`, detail: `${a}, then ${b}` };
    }
  }
  return null;
}

async function kindFinding(verifier: Verifier): Promise<Finding> {
  if (verifier.accepts.length === 0) return { seed: "accepts", detail: "names no kind" };
  for (const drawn of KINDS.filter((kind) => !verifier.accepts.includes(kind))) {
    const tree = treeOf(FOUR_TOKENS, [0, 1], [-1, 0], drawn);
    try {
      await verifier.verify(tree, lawsOf(FOUR_TOKENS, tree), createRandom(1));
    } catch (error) {
      if (FrugalError.is(error, "ArgumentError")) continue;
      return { seed: drawn, detail: `threw ${String(error)}, no ArgumentError` };
    }
    return { seed: drawn, detail: "took the draft" };
  }
  return null;
}
