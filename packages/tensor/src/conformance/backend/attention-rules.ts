/** Attention and its taps agree with the reference: every mask, every storage, every edge. */
import type { AttentionTapOutput } from "../../backend.js";
import { BACKEND_FLOORS } from "../../ops/table.js";
import {
  type AttentionCase,
  type AttentionShape,
  attentionCase,
  plainAttention,
} from "./attention-case.js";
import type { Claims } from "./claims.js";
import { type Trial, UNTOUCHED } from "./trial.js";

const SHAPES: readonly AttentionShape[] = [
  { name: "one row, one slot", headCount: 1, headWidth: 1, cached: [[1]], rows: 1, kind: "none" },
  { name: "no row", headCount: 2, headWidth: 4, cached: [[5]], rows: 0, kind: "causal" },
  { name: "no slot", headCount: 2, headWidth: 3, cached: [[0]], rows: 2, kind: "none" },
  { name: "odd width", headCount: 3, headWidth: 5, cached: [[7]], rows: 4, kind: "causal" },
  {
    name: "plain prefill",
    headCount: 2,
    headWidth: 8,
    cached: [[0], [0]],
    rows: 9,
    kind: "causal",
  },
  {
    name: "grouped heads, ragged segments",
    headCount: 6,
    headWidth: 16,
    cached: [[31, 2], [0], [70]],
    rows: 3,
    kind: "causal",
  },
  {
    name: "several segments over page borders",
    headCount: 4,
    headWidth: 12,
    cached: [
      [33, 32, 1],
      [64, 0, 5],
    ],
    rows: 2,
    kind: "causal",
    firstRow: 3,
  },
  {
    name: "one kv head for all",
    headCount: 7,
    headWidth: 64,
    cached: [[100]],
    rows: 5,
    kind: "causal",
  },
  {
    name: "tree",
    headCount: 4,
    headWidth: 16,
    cached: [[40], [3]],
    rows: 7,
    kind: "tree",
    parents: [-1, 0, 0, 1, 1, 2, 5],
  },
  {
    name: "forest in a window",
    headCount: 2,
    headWidth: 8,
    cached: [[20]],
    rows: 5,
    kind: "tree",
    parents: [-1, -1, 1, 0, 2],
    window: 9,
  },
  {
    name: "sliding window",
    headCount: 4,
    headWidth: 8,
    cached: [[50], [20]],
    rows: 6,
    kind: "causal",
    window: 12,
  },
  {
    name: "by position",
    headCount: 2,
    headWidth: 8,
    cached: [[37], [12]],
    rows: 4,
    kind: "position",
  },
  {
    name: "by position in a window",
    headCount: 2,
    headWidth: 8,
    cached: [[37]],
    rows: 4,
    kind: "position",
    window: 5,
  },
  {
    name: "explicit, one row blind",
    headCount: 2,
    headWidth: 8,
    cached: [[35], [10]],
    rows: 3,
    kind: "explicit",
  },
  {
    name: "chosen slots",
    headCount: 6,
    headWidth: 8,
    cached: [[66], [20], [40]],
    rows: 3,
    kind: "causal",
    chosen: 0.4,
  },
  {
    name: "chosen slots of a tree",
    headCount: 2,
    headWidth: 8,
    cached: [[40]],
    rows: 3,
    kind: "tree",
    parents: [-1, 0, 0],
    chosen: 0.3,
  },
  {
    name: "log weights",
    headCount: 4,
    headWidth: 16,
    cached: [[20, 15], [40]],
    rows: 3,
    kind: "causal",
    isWeighted: true,
  },
  {
    name: "soft cap and log weights",
    headCount: 4,
    headWidth: 16,
    cached: [[20], [40]],
    rows: 2,
    kind: "causal",
    isWeighted: true,
    softCap: 1.5,
  },
  {
    name: "int8",
    headCount: 4,
    headWidth: 32,
    cached: [[45], [33]],
    rows: 3,
    kind: "causal",
    formats: ["int8"],
  },
  {
    name: "int8 and f32 side by side, odd width, log weights",
    headCount: 4,
    headWidth: 10,
    cached: [
      [45, 7],
      [33, 40],
    ],
    rows: 2,
    kind: "causal",
    formats: ["int8", "f32"],
    isWeighted: true,
  },
  {
    name: "int8 tree",
    headCount: 2,
    headWidth: 24,
    cached: [[31]],
    rows: 4,
    kind: "tree",
    parents: [-1, 0, 1, 0],
    formats: ["int8"],
  },
  {
    name: "encoder",
    headCount: 4,
    headWidth: 8,
    cached: [[17], [17], [17], [17]],
    rows: 17,
    kind: "none",
    isDense: true,
  },
  {
    name: "encoder with merged tokens",
    headCount: 4,
    headWidth: 6,
    cached: [[33], [33]],
    rows: 5,
    kind: "none",
    isDense: true,
    isWeighted: true,
  },
];

const TAPS: readonly AttentionTapOutput["want"][] = [
  "probabilities",
  "logits",
  "columnSum",
  "columnMax",
];

export const ATTENTION_RULES: Claims = {
  "attention agrees with the reference on every mask and storage": async (t) => {
    for (const shape of shapesFor(t)) {
      t.at(shape.name);
      const c = await attentionCase(t, shape);
      const { headCount, headWidth, rows, firstRow = 0 } = shape;
      const width = headCount * headWidth;
      const out = t.output([firstRow + rows + 1, width]);
      const logSumExp = t.output([headCount, rows]);
      t.both((backend, pick) =>
        backend.attention(c.call(backend, pick), { out: pick(out), logSumExp: pick(logSumExp) }),
      );
      const plain = plainAttention(c);
      const rough = new Float32Array((firstRow + rows + 1) * width).fill(UNTOUCHED);
      rough.set(plain.out.subarray(firstRow * width), firstRow * width);
      await t.agrees(out, { plain: rough, floor: BACKEND_FLOORS.attention });
      await t.agrees(logSumExp, { plain: plain.logSumExp, floor: BACKEND_FLOORS.logSumExp });
      const alone = t.output([firstRow + rows + 1, width]);
      t.both((backend, pick) => backend.attention(c.call(backend, pick), { out: pick(alone) }));
      await t.agrees(alone, { plain: rough, floor: BACKEND_FLOORS.attention });
    }
  },

  "taps show what attention saw": async (t) => {
    for (const shape of shapesFor(t)) {
      const c = await attentionCase(t, shape);
      const plain = plainAttention(c);
      const { headCount, rows } = shape;
      for (const want of TAPS) {
        t.at(`${shape.name}, ${want}`);
        const isByRow = want === "probabilities" || want === "logits";
        const dims = isByRow ? [headCount, rows, c.columns] : [headCount, c.columns];
        const out = t.output(dims);
        t.both((backend, pick) =>
          backend.attentionTap(c.call(backend, pick), { want, out: pick(out) }),
        );
        const rough = isByRow ? plain[want] : columnsOf(want, plain.probabilities, c);
        await t.agrees(out, { plain: rough, floor: BACKEND_FLOORS.attentionTap });
      }
    }
  },
};

function shapesFor(t: Trial): readonly AttentionShape[] {
  const { formats } = t.subject.kv;
  return SHAPES.filter((shape) => (shape.formats ?? []).every((f) => formats.includes(f)));
}

function columnsOf(
  want: AttentionTapOutput["want"],
  probabilities: Float32Array,
  { shape: { headCount, rows }, columns }: AttentionCase,
): Float32Array {
  const out = new Float32Array(headCount * columns);
  for (let h = 0; h < headCount; h++) {
    for (let row = 0; row < rows; row++) {
      for (let s = 0; s < columns; s++) {
        const p = probabilities[(h * rows + row) * columns + s]!;
        const at = h * columns + s;
        out[at] = want === "columnSum" ? out[at]! + p : Math.max(out[at]!, p);
      }
    }
  }
  return out;
}
