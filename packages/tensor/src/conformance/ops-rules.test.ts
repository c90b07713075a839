import { describe, expect, test } from "vitest";
import { FrugalError } from "../errors/index.js";
import { type Ops, referenceOps } from "../ops/index.js";
import { floats } from "../tensor.js";
import type { Floats } from "../types.js";
import { opsRules } from "./index.js";
import { plainOps } from "./ops/plain-ops.js";

for (const rule of opsRules(() => referenceOps)) test(rule.name, rule.check);

describe("plain f32 loops pass every rule about numbers", () => {
  for (const rule of opsRules(() => plainOps)) {
    if (/agrees|law|leaves/.test(rule.name)) test(rule.name, rule.check);
  }
});

const right = referenceOps;
const changed = (x: Floats, change: (value: number, i: number) => number): Floats =>
  floats(x.dims, x.data.map(change));

/** rule, fault */
const FAULTS: readonly (readonly [string, Partial<Ops>])[] = [
  ["has every primitive of the table", { sumRows: undefined as never }],
  ["has every primitive of the table", { name: "" }],
  [
    "matmul agrees with the reference",
    { matmul: (a, b) => changed(right.matmul(a, b), (v) => v * 1.001) },
  ],
  [
    "matmul keeps its law: linear",
    { matmul: (a, b) => changed(right.matmul(a, b), (v) => v + 0.1) },
  ],
  [
    "matmul keeps its law: rowwise",
    { matmul: (a, b) => changed(right.matmul(a, b), (v, i) => v * (1 + i * 1e-6)) },
  ],
  [
    "matmul keeps its law: homogeneous",
    { matmul: (a, b) => changed(right.matmul(a, b), (v) => v + 1e-6) },
  ],
  ["rowDot agrees with the reference", { rowDot: (a, i, b, j) => right.rowDot(a, i, b, j) + 1e-3 }],
  ["rowNorms agrees with the reference", { rowNorms: (x) => right.rowNorms(x).map((v) => v * v) }],
  ["rowNorms keeps its law: homogeneous", { rowNorms: (x) => right.rowNorms(x).map((v) => v * v) }],
  ["unitRows keeps its law: idempotent", { unitRows: (x) => changed(x, (v) => v / 2) }],
  ["unitRows keeps its law: scaleInvariant", { unitRows: (x) => x }],
  ["unitRows keeps its law: bounded", { unitRows: (x) => x }],
  [
    "similarity agrees with the reference",
    { similarity: (a, b) => changed(right.similarity(a, b), (v) => (v === 0 ? Number.NaN : v)) },
  ],
  [
    "similarity keeps its law: bounded",
    { similarity: (a, b) => changed(right.similarity(a, b), (v) => 3 * v) },
  ],
  [
    "softmaxRows keeps its law: sumsToOne",
    { softmaxRows: (x) => changed(right.softmaxRows(x), (v) => 0.99 * v) },
  ],
  ["softmaxRows keeps its law: shiftInvariant", { softmaxRows: (x) => changed(x, Math.exp) }],
  [
    "logSumExpRows agrees with the reference",
    { logSumExpRows: (x) => right.logSumExpRows(x).map((v) => v + 1e-4) },
  ],
  [
    "topk keeps its law: ranks",
    {
      topk: (scores, k) =>
        right.topk(
          Array.from(scores, (s) => (Number.isNaN(s) ? Infinity : s)),
          k,
        ),
    },
  ],
  [
    "argmax keeps its law: ranks",
    {
      argmax: (scores) => Array.from(scores).lastIndexOf(Array.from(scores)[right.argmax(scores)]!),
    },
  ],
  [
    "gatherRows keeps its law: copies",
    { gatherRows: (x, i) => changed(right.gatherRows(x, i), (v) => v + 0) },
  ],
  [
    "scatterMean agrees with the reference",
    { scatterMean: (x, t, m) => changed(right.scatterMean(x, t, m), (v) => v + 1) },
  ],
  [
    "sumRows keeps its law: orderFree",
    { sumRows: (x) => right.sumRows(changed(x, (v, i) => v * (1 + i))) },
  ],
  [
    "pool1d agrees with the reference",
    { pool1d: (x, p) => right.pool1d(x, { ...p, kind: "max" }) },
  ],
  [
    "sparseRows keeps its law: linear",
    { sparseRows: (map, x) => changed(right.sparseRows(map, x), Math.abs) },
  ],
  [
    "leaves its arguments as they are",
    {
      unitRows(x) {
        const out = right.unitRows(x);
        x.data.set(out.data);
        return out;
      },
    },
  ],
  [
    "refuses arguments that do not fit",
    {
      gatherRows: (x, i) =>
        right.gatherRows(
          x,
          Array.from(i, (v) => Math.min(v, x.dims[0]! - 1)),
        ),
    },
  ],
];

describe("a table with one fault is rejected", () => {
  test.each(FAULTS)("%s", async (name, fault) => {
    const rule = opsRules(() => ({ ...right, name: "wrong", ...fault })).find(
      (r) => r.name === name,
    );
    const failure = await rule!.check().then(
      () => null,
      (error: unknown) => error,
    );
    expect(FrugalError.is(failure, "ConformanceError")).toBe(true);
    expect((failure as Error).message).not.toContain("; threw");
  });
});
