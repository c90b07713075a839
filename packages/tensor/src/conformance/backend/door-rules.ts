/** What does not fit is refused by class, before anything is written. */
import type { AttentionCall, Backend, Weight } from "../../backend.js";
import { type ErrorCode, FrugalError } from "../../errors/index.js";
import type { KvRun } from "../../kv/types.js";
import { keepRows } from "../../sparse-rows.js";
import { floats, type Tensor, tensorFrom } from "../../tensor.js";
import type { Claims } from "./claims.js";
import { type Trial, UNTOUCHED } from "./trial.js";

type Refusal = readonly [what: string, code: ErrorCode, act: (d: Doorway) => unknown];

/** Live things of the back end under test, and some that are not. */
interface Doorway {
  readonly b: Backend;
  /** [4, 6], [4, 6], [4, 6] */
  readonly x: Tensor;
  readonly y: Tensor;
  readonly out: Tensor;
  /** [4, 5], [6], [5] */
  readonly narrow: Tensor;
  readonly gain: Tensor;
  readonly short: Tensor;
  readonly integers: Tensor;
  readonly disposed: Tensor;
  readonly foreign: Tensor;
  readonly strided: Tensor;
  /** [6, 6] */
  readonly weight: Weight;
  readonly disposedWeight: Weight;
  readonly foreignWeight: Weight;
  /** Width 6, 4 slots. */
  readonly run: KvRun;
  readonly foreignRun: KvRun;
  readonly call: AttentionCall;
}

const BAD_TENSORS: readonly (readonly [keyof Doorway, ErrorCode])[] = [
  ["disposed", "StateError"],
  ["foreign", "StateError"],
  ["strided", "StateError"],
  ["narrow", "ShapeError"],
  ["integers", "DtypeError"],
];

/** Each operation with a hole for a tensor that should be [4, 6]. */
const HOLES: readonly (readonly [string, (d: Doorway, hole: Tensor) => unknown])[] = [
  ["linear input", ({ b, weight, out }, hole) => b.linear(hole, weight, out, 4)],
  ["linear out", ({ b, weight, x }, hole) => b.linear(x, weight, hole, 4)],
  ["gather out", ({ b, weight }, hole) => b.gather(weight, Uint32Array.of(1), hole)],
  ["rmsNorm input", ({ b, gain, out }, hole) => b.rmsNorm(hole, gain, 1e-5, out, 4)],
  ["rmsNorm out", ({ b, gain, x }, hole) => b.rmsNorm(x, gain, 1e-5, hole, 4)],
  ["layerNorm input", ({ b, gain, out }, hole) => b.layerNorm(hole, gain, gain, 1e-5, out, 4)],
  ["rope heads", ({ b, x }, hole) => b.rope(hole, x, 1, 4)],
  ["activation input", ({ b, out }, hole) => b.activation("silu", hole, out, 4)],
  ["add a", ({ b, y, out }, hole) => b.add(hole, y, out, 4)],
  ["add b", ({ b, x, out }, hole) => b.add(x, hole, out, 4)],
  ["multiply out", ({ b, x, y }, hole) => b.multiply(x, y, hole, 4)],
  ["scale input", ({ b, out }, hole) => b.scale(hole, 2, out, 4)],
  ["softCap input", ({ b, out }, hole) => b.softCap(hole, 2, out, 4)],
  ["softmax out", ({ b, x }, hole) => b.softmax(x, hole, 4)],
  ["sparseRows out", ({ b, x }, hole) => b.sparseRows(keepRows([0, 1], 4), x, hole)],
  ["attention query", ({ b, call, out }, hole) => b.attention({ ...call, query: hole }, { out })],
  ["attention out", ({ b, call }, hole) => b.attention(call, { out: hole })],
  ["append keys", (d, hole) => d.b.kv.append({ ...appendOf(d), keys: hole })],
  ["append values", (d, hole) => d.b.kv.append({ ...appendOf(d), values: hole })],
];

const appendOf = ({ run, x, y }: Doorway) => ({
  runs: [run],
  keys: x,
  values: y,
  firstRow: 0,
  rows: 4,
  positions: new Int32Array(4),
});

const masked = (d: Doorway, mask: object): unknown =>
  d.b.attention({ ...d.call, mask: { kind: "none", ...mask } }, { out: d.out });

const REFUSALS: readonly Refusal[] = [
  ["more rows than there are", "ShapeError", ({ b, x, out }) => b.softmax(x, out, 5)],
  ["negative rows", "ArgumentError", ({ b, x, out }) => b.softmax(x, out, -1)],
  ["half a row", "ArgumentError", ({ b, x, y, out }) => b.add(x, y, out, 0.5)],
  ["NaN rows", "ArgumentError", ({ b, x, weight, out }) => b.linear(x, weight, out, Number.NaN)],
  ["a short gain", "ShapeError", ({ b, x, short, out }) => b.rmsNorm(x, short, 1e-5, out, 4)],
  [
    "a short bias",
    "ShapeError",
    ({ b, x, gain, short, out }) => b.layerNorm(x, gain, short, 0, out, 4),
  ],
  [
    "an unknown activation",
    "ArgumentError",
    ({ b, x, out }) => b.activation("swish" as "silu", x, out, 4),
  ],
  ["a cap of 0", "ArgumentError", ({ b, x, out }) => b.softCap(x, 0, out, 4)],
  ["angles of another width", "ShapeError", ({ b, x, y }) => b.rope(x, y, 2, 4)],
  [
    "a disposed weight",
    "StateError",
    ({ b, x, disposedWeight, out }) => b.linear(x, disposedWeight, out, 4),
  ],
  [
    "a foreign weight",
    "StateError",
    ({ b, x, foreignWeight, out }) => b.linear(x, foreignWeight, out, 4),
  ],
  [
    "an index past the table",
    "ArgumentError",
    ({ b, weight, out }) => b.gather(weight, Uint32Array.of(0, 6), out),
  ],
  ["a negative index", "ArgumentError", ({ b, x, out }) => b.gather(x, Int32Array.of(-1), out)],
  [
    "gather past the end",
    "ShapeError",
    ({ b, x, out }) => b.gather(x, Uint32Array.of(0, 1), out, 3),
  ],
  [
    "k above the width",
    "ArgumentError",
    ({ b, x, integers, out }) => b.topk(x, 7, integers, out, 4),
  ],
  [
    "a map over more sources",
    "ShapeError",
    ({ b, x, out }) => b.sparseRows(keepRows([4], 5), x, out),
  ],
  [
    "a broken map",
    "ArgumentError",
    ({ b, x, out }) => b.sparseRows({ ...keepRows([0], 4), sources: Uint32Array.of(4) }, x, out),
  ],
  [
    "a patch of another size",
    "ShapeError",
    ({ b, x, weight, out }) => b.patchEmbed(x, weight, 2, out),
  ],
  ["a matrix that is none", "ShapeError", ({ b }) => b.weight(floats([3]))],
  [
    "a bias of another length",
    "ShapeError",
    ({ b }) => b.weight(floats([3, 2]), { bias: floats([2]) }),
  ],
  [
    "an unknown weight format",
    "ArgumentError",
    ({ b }) => b.weight(floats([1, 1]), { format: "int2" as "int8" }),
  ],
  [
    "data elsewhere",
    "CapabilityError",
    ({ b }) => b.upload({ ...floats([1]), location: "gpu-buffer" }),
  ],
  [
    "a type without numbers",
    "DtypeError",
    ({ b }) => b.upload(tensorFrom(new BigInt64Array(1), [1])),
  ],
  ["negative extents", "ArgumentError", ({ b }) => b.empty([-1])],
  ["writing past the end", "ShapeError", ({ b, out }) => b.write(out, new Float32Array(2), 23)],
  ["writing another type", "DtypeError", ({ b, out }) => b.write(out, new Int32Array(1))],
  [
    "writing before the start",
    "ArgumentError",
    ({ b, out }) => b.write(out, new Float32Array(1), -1),
  ],
  [
    "writing to a disposed tensor",
    "StateError",
    ({ b, disposed }) => b.write(disposed, new Float32Array(1)),
  ],
  ["reading past the end", "ArgumentError", ({ b, x }) => b.read(x, 20, 5)],
  ["reading a disposed tensor", "StateError", ({ b, disposed }) => b.read(disposed)],
  ["reading a foreign tensor", "StateError", ({ b, foreign }) => b.read(foreign)],
  [
    "a run of another memory",
    "StateError",
    (d) => d.b.kv.append({ ...appendOf(d), runs: [d.foreignRun] }),
  ],
  [
    "attention over a foreign run",
    "StateError",
    ({ b, call, foreignRun, out }) =>
      b.attention({ ...call, source: { kind: "runs", runs: [[foreignRun]] } }, { out }),
  ],
  [
    "heads that do not divide",
    "ArgumentError",
    ({ b, call, run, out }) =>
      b.attention(
        { ...call, headCount: 1, source: { kind: "runs", runs: [[run], [run]] } },
        { out },
      ),
  ],
  ["an unknown mask", "ArgumentError", (d) => masked(d, { kind: "random" })],
  ["a tree without parents", "ShapeError", (d) => masked(d, { kind: "tree" })],
  [
    "a parent behind its child",
    "ArgumentError",
    (d) => masked(d, { kind: "tree", parents: Int32Array.of(-1, 1, 0, 0) }),
  ],
  ["a position mask without positions", "ArgumentError", (d) => masked(d, { kind: "position" })],
  ["a window without positions", "ArgumentError", (d) => masked(d, { window: 3 })],
  [
    "a window of nothing",
    "ArgumentError",
    (d) => masked(d, { window: 0, positions: new Int32Array(4) }),
  ],
  [
    "an explicit mask of another size",
    "ShapeError",
    (d) => masked(d, { kind: "explicit", visible: new Uint8Array(3) }),
  ],
  ["slots that descend", "ArgumentError", (d) => masked(d, { slots: [Uint32Array.of(2, 1)] })],
  ["slots that do not exist", "ArgumentError", (d) => masked(d, { slots: [Uint32Array.of(4)] })],
  ["slots of too many heads", "ShapeError", (d) => masked(d, { slots: [null, null] })],
  [
    "more own rows than slots",
    "ArgumentError",
    ({ b, call, out }) =>
      b.attention(
        { ...call, mask: { kind: "causal" }, source: { kind: "runs", runs: [[]] } },
        { out },
      ),
  ],
  [
    "a small log-sum-exp",
    "ShapeError",
    ({ b, call, out, short }) =>
      b.attention(
        { ...call, rows: 4, headCount: 2, headWidth: 3, source: dense(call, 3) },
        { out, logSumExp: short },
      ),
  ],
  [
    "an unknown tap",
    "ArgumentError",
    ({ b, call, out }) => b.attentionTap(call, { want: "mean" as "logits", out }),
  ],
  [
    "a small tap output",
    "ShapeError",
    ({ b, call, gain }) => b.attentionTap(call, { want: "logits", out: gain }),
  ],
];

const dense = ({ query }: AttentionCall, width: number) =>
  ({ kind: "dense", keys: query, values: query, count: 4, kvHeadCount: 6 / width }) as const;

export const DOOR_RULES: Claims = {
  "tensors that are disposed, foreign, strided or of another extent are refused": async (t) => {
    const d = doorway(t);
    for (const [name, act] of HOLES) {
      for (const [kind, code] of BAD_TENSORS) {
        await refuses(t, `${name}: ${kind}`, code, () => act(d, d[kind] as Tensor));
      }
    }
    await untouched(t, d);
  },

  "arguments that do not fit are refused by class": async (t) => {
    const d = doorway(t);
    for (const [what, code, act] of REFUSALS) await refuses(t, what, code, () => act(d));
    await untouched(t, d);
  },
};

async function refuses(t: Trial, what: string, code: ErrorCode, act: () => unknown): Promise<void> {
  t.at(what);
  let thrown: unknown = "nothing";
  try {
    await act();
  } catch (error) {
    thrown = error;
  }
  if (!FrugalError.is(thrown, code)) {
    t.fail(`a ${code} was due, it threw ${thrown instanceof Error ? thrown : String(thrown)}`);
  }
}

async function untouched(t: Trial, { b, out, run }: Doorway): Promise<void> {
  t.at("after all refusals");
  const data = await b.read(out);
  t.require(
    data.every((x) => x === UNTOUCHED),
    "a refused call wrote to its output",
  );
  t.require(run.length === 4, `a refused append left ${run.length} slots`);
}

/** The reference of the trial serves as the other back end. */
function doorway(t: Trial): Doorway {
  const b = t.subject;
  const matrix = (back: Backend, dims: readonly number[]) =>
    t.own(back.upload(floats(dims, t.numbers(dims.reduce((p, d) => p * d, 1)))));
  const run = t.own(b.kv.create({ headWidth: 6, format: "f32" }));
  const foreignRun = t.own(t.truth.kv.create({ headWidth: 6, format: "f32" }));
  const x = matrix(b, [4, 6]);
  const y = matrix(b, [4, 6]);
  const append = { keys: x, values: y, firstRow: 0, rows: 4, positions: new Int32Array(4) };
  b.kv.append({ ...append, runs: [run] });
  const disposed = matrix(b, [4, 6]);
  disposed.dispose();
  const square = floats([6, 6], t.numbers(36));
  const weight = t.own(b.weight(square));
  const disposedWeight = b.weight(square);
  disposedWeight.dispose();
  return {
    b,
    x,
    y,
    out: t.output([4, 6]).subject,
    narrow: matrix(b, [4, 5]),
    gain: matrix(b, [6]),
    short: matrix(b, [5]),
    integers: t.own(b.empty([4, 6], "int32")),
    disposed,
    foreign: matrix(t.truth, [4, 6]),
    strided: t.own(matrix(b, [6, 4]).permute([1, 0])),
    weight,
    disposedWeight,
    foreignWeight: t.own(t.truth.weight(square)),
    run,
    foreignRun,
    call: {
      query: x,
      firstRow: 0,
      rows: 4,
      headCount: 1,
      headWidth: 6,
      source: { kind: "runs", runs: [[run]] },
      mask: { kind: "none" },
      scale: 1,
    },
  };
}
