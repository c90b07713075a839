/**
 * Rules every TokenMethod obeys, under any test runner, in Node or in a page.
 *
 * Use      for (const rule of tokenMethodRules((budget) => myMethod({ budget }))) test(rule.name, rule.check);
 * Limits   the made-up model has no logits and no extra passes: a method that needs them gets a CapabilityError. A method may
 *          refuse (ArgumentError) a budget below a quarter of the tokens that it cannot reach, except 0
 * Errors   ConformanceError naming rule and seed; tokenMethodRules(make, seed) replays from there
 */
import { type Budget, ConformanceError } from "@frugal/tensor";
import { isIdentity } from "./apply.js";
import { firstOrigins } from "./state.js";
import type { Act, Run } from "./trial/drive.js";
import { runTrial, type Trial } from "./trial/trial.js";
import type { Stage, TokenMethod, TokenState } from "./types.js";

const ROUNDS = 64;
/** Sizes are f32 sums of at most a few dozen ones. */
const SIZE_TOLERANCE = 1e-3;

type Claim = (trial: Trial) => boolean;

const RULES: readonly (readonly [string, Claim])[] = [
  [
    "serves every budget of a quarter or more",
    ({ run, ...t }) => run.failure === "" || mayRefuse(run, t),
  ],
  [
    "makes well-formed maps over the tokens at hand",
    (t) => runsOf(t).every((r) => r.failure !== "Malformed"),
  ],
  ["gives exactly the budget", ({ run, count }) => failed(run) || run.final.count === count],
  [
    "is the identity when the budget allows",
    (t) => t.whole.every((run) => run.failure === "" && run.acts.every(changesNothing)),
  ],
  ["gives no token at budget 0", ({ none }) => none.failure === "" && none.final.count === 0],
  ["refuses what is no budget", (t) => t.refusals.every((code) => code === "ArgumentError")],
  ["gives the same answer twice", ({ run, again }) => signature(run) === signature(again)],
  [
    "changes nothing that it is lent",
    (t) => runsOf(t).every((run) => run.acts.every((act) => !act.wrote)),
  ],
  [
    "names its stages in the order of a pass",
    (t) => runsOf(t).every((run) => ascends(run.stages.map(rankOf))),
  ],
  ["accounts for every token in its sizes", (t) => runsOf(t).every((run) => sizesAddUp(run.final))],
  ["stands in the order it says", (t) => runsOf(t).every((run) => run.acts.every(isInOrder))],
  [
    "gives every token a position of its own",
    (t) => runsOf(t).every((run) => run.acts.every(hasOwnPositions)),
  ],
  [
    "keeps to the budget on NaN, infinite, constant and zero signals",
    (t) =>
      failed(t.run) || t.hostile.every((run) => run.failure === "" && run.final.count === t.count),
  ],
];

export interface Rule {
  readonly name: string;
  check(): Promise<void>;
}

export function tokenMethodRules(
  make: (budget: Budget) => TokenMethod,
  firstSeed = 1,
): readonly Rule[] {
  const trials = new Map<number, Promise<Trial>>();
  const trialOf = (seed: number): Promise<Trial> => {
    const known = trials.get(seed) ?? runTrial(make, seed);
    trials.set(seed, known);
    return known;
  };
  return RULES.map(([name, holds]) => ({
    name,
    async check() {
      for (let seed = firstSeed; seed < firstSeed + ROUNDS; seed++) {
        const trial = await trialOf(seed);
        if (holds(trial)) continue;
        throw new ConformanceError(
          make({ keepRatio: 1 }).name,
          name,
          `seed ${seed}`,
          `${trial.count} of ${trial.tokenCount} tokens${reasonOf(trial)}`,
        );
      }
    },
  }));
}

const runsOf = (t: Trial): readonly Run[] => [t.run, t.again, ...t.whole, t.none, ...t.hostile];

const failed = (run: Run): boolean => run.failure !== "";

const mayRefuse = (run: Run, { count, tokenCount }: Pick<Trial, "count" | "tokenCount">): boolean =>
  run.failure === "ArgumentError" && count * 4 < tokenCount;

const reasonOf = (t: Trial): string => {
  const run = runsOf(t).find(({ detail }) => detail !== "");
  return run ? `; ${run.failure}: ${run.detail}` : "";
};

function changesNothing({ map, before, after }: Act): boolean {
  if (!map) return true;
  return (
    isIdentity(map) &&
    after.sizes.join() === before.sizes.join() &&
    after.positions.join() === before.positions.join()
  );
}

/** Everything a run decided, bit for bit. */
function signature({ acts, failure }: Run): string {
  const texts = acts.map(({ map, after: { sizes, positions } }) => {
    if (!map) return "null";
    const { starts, sources, weights } = map.matrix;
    const features = map.features?.data ?? [];
    return [starts, sources, weights, sizes, positions, map.order, features].join(";");
  });
  return [failure, ...texts].join("|");
}

/** The sum of the sizes is the number of original tokens that some current token stands for. */
function sizesAddUp({ sizes, origins }: TokenState): boolean {
  let sum = 0;
  for (const size of sizes) {
    if (!(size > 0)) return false;
    sum += size;
  }
  return Math.abs(sum - new Set(origins.sources).size) <= SIZE_TOLERANCE;
}

const isInOrder = ({ map, after }: Act): boolean =>
  map?.order !== "spatial" || ascends([...firstOrigins(after)]);

function hasOwnPositions({ map, after: { positions, origins } }: Act): boolean {
  if (!map) return true;
  const inRange = positions.every((p) => p >= 0 && p < origins.sourceCount);
  return inRange && new Set(positions).size === positions.length;
}

/** Layers and stages as numbers that rise along a forward pass. */
function rankOf(stage: Stage): number {
  const stages: readonly Stage["at"][] = [
    "encoder",
    "features",
    "prompt",
    "decoder",
    "prefillEnd",
    "decode",
  ];
  const rank = stages.indexOf(stage.at);
  const within =
    stage.at === "encoder"
      ? stage.layer + (stage.point === "afterBlock" ? 0.5 : 0)
      : stage.at === "decoder"
        ? stage.layer
        : 0;
  return rank + within / (within + 1000);
}

const ascends = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value >= values[i - 1]!);
