/** Attention and its taps of both builds against the reference: masks, runs, formats, widths. */
import {
  type AttentionCall,
  type AttentionMask,
  type Backend,
  createRandom,
  floats,
  type KvFormat,
  type KvRun,
  type Tensor,
} from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILDS, errorOf, numbers, open } from "./support.js";

interface Setting {
  readonly rows: number;
  readonly firstRow?: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly width: number;
  /** Slots of each run of a head. */
  readonly runs: readonly number[];
  readonly formats?: readonly KvFormat[];
  readonly mask: AttentionMask;
  readonly softCap?: number;
  readonly weighted?: boolean;
  readonly dense?: boolean;
}

const TAPS = ["probabilities", "logits", "columnSum", "columnMax"] as const;

/** Everything attention gives, of one back end: output, log-sum-exp and the four taps. */
async function results(backend: Backend, setting: Setting): Promise<Float32Array[]> {
  const { rows, heads, kvHeads, width, runs, mask, firstRow = 0 } = setting;
  const made: { dispose(): void }[] = [];
  const keep = <T extends { dispose(): void }>(one: T): T => {
    made.push(one);
    return one;
  };
  const up = (dims: readonly number[], seed: string, size = 1): Tensor =>
    keep(backend.upload(floats(dims, numbers(dims[0]! * (dims[1] ?? 1), seed, size))));
  const slots = runs.reduce((sum, length) => sum + length, 0);
  const source: AttentionCall["source"] = setting.dense
    ? {
        kind: "dense",
        keys: up([slots, kvHeads * width], "keys"),
        values: up([slots, kvHeads * width], "values"),
        count: slots,
        kvHeadCount: kvHeads,
        ...(setting.weighted && { logWeights: up([slots], "weights") }),
      }
    : { kind: "runs", runs: makeRuns(backend, setting, keep) };
  const call: AttentionCall = {
    query: up([firstRow + rows, heads * width], "query", 2),
    firstRow,
    rows,
    headCount: heads,
    headWidth: width,
    source,
    mask,
    scale: 1 / Math.sqrt(width),
    ...(setting.softCap && { softCap: setting.softCap }),
  };
  const out = keep(backend.empty([firstRow + rows, heads * width]));
  const logSumExp = keep(backend.empty([heads, rows]));
  backend.attention(call, { out, logSumExp });
  const given = [await backend.read(out), await backend.read(logSumExp)];
  for (const want of TAPS) {
    const size = want === "probabilities" || want === "logits" ? rows : 1;
    const tap = keep(backend.empty([heads, size, slots]));
    backend.attentionTap(call, { want, out: tap });
    given.push(await backend.read(tap));
  }
  for (const one of made) one.dispose();
  return given as Float32Array[];
}

function makeRuns(
  backend: Backend,
  { kvHeads, width, runs, formats = [], weighted }: Setting,
  keep: <T extends { dispose(): void }>(one: T) => T,
): KvRun[][] {
  const heads: KvRun[][] = Array.from({ length: kvHeads }, () => []);
  let position = 0;
  runs.forEach((length, index) => {
    const format = formats[index] ?? "f32";
    const keys = backend.upload(
      floats([length, kvHeads * width], numbers(length * kvHeads * width, `k${index}`)),
    );
    const values = backend.upload(
      floats([length, kvHeads * width], numbers(length * kvHeads * width, `v${index}`)),
    );
    const positions = Int32Array.from({ length }, (_, i) => position + i);
    position += length;
    let made = heads.map(() => backend.kv.create({ headWidth: width, format }));
    backend.kv.append({ runs: made, keys, values, firstRow: 0, rows: length, positions });
    keys.dispose();
    values.dispose();
    if (weighted) made = made.map((run) => weigh(backend, run, format));
    made.forEach((run, head) => {
      heads[head]!.push(keep(run));
    });
  });
  return heads;
}

/** A copy with log weights, one of them -Infinity. */
function weigh(backend: Backend, run: KvRun, format: KvFormat): KvRun {
  const { length } = run;
  const rows = {
    rowCount: length,
    sourceCount: length,
    starts: Uint32Array.from({ length: length + 1 }, (_, i) => i),
    sources: Uint32Array.from({ length }, (_, i) => i),
    weights: new Float32Array(length).fill(1),
  };
  const logWeights = numbers(length, "log weights", 2);
  logWeights[0] = -Infinity;
  const positions = run.positions.slice();
  const plan = { keysFrom: rows, valuesFrom: rows, positions, logWeights };
  const made = backend.kv.gather([run], plan, format);
  run.dispose();
  return made;
}

const explicit = (rows: number, slots: number): Uint8Array => {
  const random = createRandom(3);
  const visible = Uint8Array.from({ length: rows * slots }, () => (random.next() < 0.4 ? 1 : 0));
  return visible.fill(0, 0, slots); // the first row sees nothing
};

const causal: AttentionMask = { kind: "causal" };
const base = { heads: 4, kvHeads: 2, width: 8, runs: [40], mask: causal } as const;

const SETTINGS: Record<string, Setting> = {
  "one row": { ...base, rows: 1 },
  "many rows": { ...base, rows: 40 },
  "rows from the middle": { ...base, rows: 5, firstRow: 3 },
  "one slot": { ...base, rows: 1, runs: [1] },
  "no slot": { ...base, rows: 2, runs: [], mask: { kind: "none" } },
  "whole pages": { ...base, rows: 9, runs: [64] },
  "width 5": { ...base, rows: 3, width: 5 },
  "width 32": { ...base, rows: 7, heads: 6, width: 32, runs: [70] },
  "width 64": { ...base, rows: 3, heads: 3, kvHeads: 3, width: 64, runs: [35] },
  "width 84": { ...base, rows: 2, heads: 9, kvHeads: 1, width: 84, runs: [35] },
  capped: { ...base, rows: 6, softCap: 1.5 },
  weighted: { ...base, rows: 6, weighted: true },
  "several runs": { ...base, rows: 6, runs: [33, 5, 0, 12] },
  int8: { ...base, rows: 6, width: 20, runs: [50], formats: ["int8"] },
  "int8, weighted": { ...base, rows: 6, runs: [50], formats: ["int8"], weighted: true },
  "mixed formats": { ...base, rows: 4, runs: [33, 40], formats: ["int8", "f32"] },
  dense: { ...base, rows: 40, dense: true, mask: { kind: "none" } },
  "dense, weighted": { ...base, rows: 7, dense: true, weighted: true, mask: { kind: "none" } },
  "dense, window": {
    ...base,
    rows: 3,
    dense: true,
    mask: { kind: "none", positions: Int32Array.of(10, 39, 50), window: 8 },
  },
  tree: {
    ...base,
    rows: 8,
    mask: { kind: "tree", parents: Int32Array.of(-1, 0, 0, 1, 2, 2, 4, 3) },
  },
  window: {
    ...base,
    rows: 6,
    mask: { kind: "causal", positions: Int32Array.of(34, 35, 36, 37, 38, 39), window: 9 },
  },
  position: {
    ...base,
    rows: 3,
    runs: [20, 20],
    mask: { kind: "position", positions: Int32Array.of(-1, 17, 25) },
  },
  explicit: { ...base, rows: 5, mask: { kind: "explicit", visible: explicit(5, 40) } },
  "explicit over runs": {
    ...base,
    rows: 5,
    runs: [35, 7],
    mask: { kind: "explicit", visible: explicit(5, 42) },
  },
  slots: {
    ...base,
    rows: 3,
    runs: [70],
    mask: { kind: "causal", slots: [Uint32Array.of(0, 1, 2, 31, 32, 66, 68), null] },
  },
  "slots of a tree with a window": {
    ...base,
    rows: 3,
    runs: [70],
    mask: {
      kind: "tree",
      parents: Int32Array.of(-1, 0, 0),
      positions: Int32Array.of(67, 68, 68),
      window: 40,
      slots: [Uint32Array.of(5, 30, 31, 32), new Uint32Array(0)],
    },
  },
};

describe.each(BUILDS)("%s", (build) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await open(build);
  });
  afterAll(() => {
    expect(backend.report().allocatedBytes).toBe(0);
    expect(backend.kv.byteLength()).toBe(0);
    backend.dispose();
  });

  test.each(Object.keys(SETTINGS))("%s", async (name) => {
    const got = await results(backend, SETTINGS[name]!);
    const want = await results(referenceBackend(), SETTINGS[name]!);
    ["out", "logSumExp", ...TAPS].forEach((what, i) => {
      expect(errorOf(got[i]!, want[i]!), what).toBeLessThan(2e-6);
    });
  });
});
