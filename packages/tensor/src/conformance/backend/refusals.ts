/** Arguments that do not fit, and the class of error that each is due. */
import type { AttentionCall } from "../../backend.js";
import type { ErrorCode } from "../../errors/index.js";
import type { KvAppend } from "../../kv/types.js";
import { keepRows } from "../../sparse-rows.js";
import { floats, tensorFrom } from "../../tensor.js";
import type { Doorway } from "./doorway.js";

export type Refusal = readonly [what: string, code: ErrorCode, act: (d: Doorway) => unknown];

export const appendOf = ({ run, x, y }: Doorway): KvAppend => ({
  runs: [run],
  keys: x,
  values: y,
  firstRow: 0,
  rows: 4,
  positions: new Int32Array(4),
});

const masked = (d: Doorway, mask: object): unknown =>
  d.b.attention({ ...d.call, mask: { kind: "none", ...mask } }, { out: d.out });

export const REFUSALS: readonly Refusal[] = [
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
