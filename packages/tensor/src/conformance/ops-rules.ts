/**
 * Rules every table of primitives obeys: it agrees with the reference and keeps the laws of `ops/table.ts`.
 *
 * Use      for (const rule of opsRules(() => myOps())) test(rule.name, rule.check);
 * Units    an error bound is twice the error of a plain f32 loop plus the floor in the table
 * Cost     a few million multiply-adds
 * Errors   ConformanceError naming rule, seed and case
 */
import { ConformanceError, type ErrorCode, FrugalError } from "../errors/index.js";
import { referenceOps } from "../ops/reference.js";
import { OPS_TABLE } from "../ops/table.js";
import type { Ops } from "../ops/types.js";
import { createRandom } from "../random.js";
import { keepRows } from "../sparse-rows.js";
import { floats } from "../tensor.js";
import type { MaybePromise } from "../types.js";
import { bitDifference, difference } from "./compare.js";
import { LAWS } from "./ops/laws.js";
import { plainOps } from "./ops/plain-ops.js";
import { type OpName, SAMPLES } from "./ops/samples.js";
import { judged, type Rule } from "./rule.js";

/** What is wrong, or null. */
type Verdict = string | null;
type Claim = (ops: Ops, seed: number) => Verdict;

export function opsRules(
  make: () => MaybePromise<Ops>,
  { seed = 1 }: { readonly seed?: number } = {},
): readonly Rule[] {
  const names = Object.keys(OPS_TABLE) as OpName[];
  const claims: (readonly [string, Claim])[] = [
    ["has every primitive of the table", (ops) => missing(ops, names)],
    ...names.map((name) => [`${name} agrees with the reference`, agrees(name)] as const),
    ...names.flatMap((name) =>
      OPS_TABLE[name].laws.map(
        (law) => [`${name} keeps its law: ${law}`, keeps(name, law)] as const,
      ),
    ),
    ["leaves its arguments as they are", leavesArguments(names)],
    ["refuses arguments that do not fit", refuses],
  ];
  return claims.map(([rule, claim]) => ({
    name: rule,
    async check() {
      const ops = await make();
      await judged(ops.name, rule, `seed ${seed}`, () => {
        const wrong = claim(ops, seed);
        if (wrong !== null) throw new ConformanceError(ops.name, rule, `seed ${seed}`, wrong);
      });
    },
  }));
}

function missing(ops: Ops, names: readonly OpName[]): Verdict {
  const absent = names.filter((name) => typeof ops[name] !== "function");
  if (typeof ops.name !== "string" || ops.name === "") return "it has no name";
  return absent.length === 0 ? null : `${absent.join(", ")} missing`;
}

const agrees =
  (name: OpName): Claim =>
  (ops, seed) => {
    for (const { label, x, apply } of SAMPLES[name](createRandom(seed).fork(name))) {
      const truth = apply(referenceOps, x);
      const bound = { plain: apply(plainOps, x), floor: OPS_TABLE[name].floor };
      const wrong = difference(apply(ops, x), truth, bound);
      if (wrong !== null) return `${label} ${wrong}`;
    }
    return null;
  };

const keeps =
  (name: OpName, law: keyof typeof LAWS): Claim =>
  (ops, seed) => {
    const random = createRandom(seed).fork(`${name} ${law}`);
    for (const sample of SAMPLES[name](random)) {
      const wrong = LAWS[law]({ ops, sample, random });
      if (wrong !== null) return `${sample.label} ${wrong}`;
    }
    return null;
  };

const leavesArguments =
  (names: readonly OpName[]): Claim =>
  (ops, seed) => {
    for (const name of names) {
      for (const { label, x, apply } of SAMPLES[name](createRandom(seed))) {
        const before = x.data.slice();
        const result = Array.from(apply(ops, x));
        const wrong = bitDifference(x.data, before);
        if (wrong !== null) return `${name} ${label} changed its argument ${wrong}`;
        const again = bitDifference(apply(ops, x), result);
        if (again !== null) return `${name} ${label} gave another answer the second time ${again}`;
      }
    }
    return null;
  };

const refuses: Claim = (ops) => {
  const x = floats([2, 3]);
  const narrow = floats([2, 2]);
  const refusals: readonly (readonly [string, ErrorCode, () => unknown])[] = [
    ["matmul of [2, 3] and [2, 2]", "ShapeError", () => ops.matmul(x, narrow)],
    ["unitRows of a vector", "ShapeError", () => ops.unitRows(floats([3]))],
    [
      "rowNorms of dims that are not its data's",
      "ShapeError",
      () => ops.rowNorms({ ...x, dims: [9, 9] }),
    ],
    ["softmaxRows of a cube", "ShapeError", () => ops.softmaxRows(floats([1, 2, 3]))],
    ["similarity of two widths", "ShapeError", () => ops.similarity(x, narrow)],
    ["topk of more than there are", "ArgumentError", () => ops.topk([1, 2], 3)],
    ["topk of half an index", "ArgumentError", () => ops.topk([1, 2], 0.5)],
    ["argmax of nothing", "ArgumentError", () => ops.argmax([])],
    ["gatherRows of a row that does not exist", "ArgumentError", () => ops.gatherRows(x, [2])],
    ["scatterMean to too few targets", "ShapeError", () => ops.scatterMean(x, [0], 1)],
    [
      "scatterMean to a target that does not exist",
      "ArgumentError",
      () => ops.scatterMean(x, [0, 5], 2),
    ],
    [
      "pool1d by a window of nothing",
      "ArgumentError",
      () => ops.pool1d(x, { kind: "avg", size: 0 }),
    ],
    ["sparseRows over more sources", "ShapeError", () => ops.sparseRows(keepRows([4], 5), x)],
    [
      "sparseRows of a broken map",
      "ArgumentError",
      () => ops.sparseRows({ ...keepRows([0], 2), sources: Uint32Array.of(7) }, x),
    ],
  ];
  for (const [what, code, act] of refusals) {
    let thrown: unknown = "nothing";
    try {
      act();
    } catch (error) {
      thrown = error;
    }
    if (!FrugalError.is(thrown, code)) return `${what}: a ${code} was due, it threw ${thrown}`;
  }
  return null;
};
