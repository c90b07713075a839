import { describe, expect, test } from "vitest";
import type { AttentionCall, AttentionMask } from "../backend.js";
import { floats, type Tensor } from "../tensor.js";
import { referenceBackend } from "./index.js";

const backend = referenceBackend();
const up = (dims: number[], numbers: readonly number[]): Tensor =>
  backend.upload(floats(dims, Float32Array.from(numbers)));

/** Head width 1, equal scores: probabilities count the slots a row sees; value t is 2^t, so sums name them. */
function seen(mask: AttentionMask, rows: number, slots: number, positions?: readonly number[]) {
  const run = backend.kv.create({ headWidth: 1, format: "f32" });
  const place = positions ?? Array.from({ length: slots }, (_, t) => t);
  backend.kv.append({
    runs: [run],
    keys: up([slots, 1], new Array(slots).fill(0)),
    values: up(
      [slots, 1],
      place.map((_, t) => 2 ** t),
    ),
    firstRow: 0,
    rows: slots,
    positions: Int32Array.from(place),
  });
  const call = callOf({ kind: "runs", runs: [[run]] }, mask, rows);
  const [out, logSumExp] = [backend.empty([rows, 1]), backend.empty([1, rows])];
  backend.attention(call, { out, logSumExp });
  return Array.from({ length: rows }, (_, row) => {
    const count = Math.round(Math.exp(Number(logSumExp.data[row])));
    const named = Math.round(Number(out.data[row]) * count);
    return Array.from({ length: slots }, (__, t) => Math.floor(named / 2 ** t) % 2).join("");
  });
}

const callOf = (
  source: AttentionCall["source"],
  mask: AttentionMask,
  rows: number,
): AttentionCall => ({
  query: up([rows, 1], new Array(rows).fill(1)),
  firstRow: 0,
  rows,
  headCount: 1,
  headWidth: 1,
  source,
  mask,
  scale: 1,
});

describe("masks", () => {
  test("none, causal, tree", () => {
    expect(seen({ kind: "none" }, 2, 4)).toEqual(["1111", "1111"]);
    expect(seen({ kind: "causal" }, 3, 5)).toEqual(["11100", "11110", "11111"]);
    const parents = Int32Array.of(-1, 0, 0, 1);
    expect(seen({ kind: "tree", parents }, 4, 5)).toEqual(["11000", "11100", "11010", "11101"]);
  });

  test("position: slots not above the row's own, wherever they lie", () => {
    const positions = Int32Array.of(5, 2);
    expect(seen({ kind: "position", positions }, 2, 4, [7, 5, 2, 0])).toEqual(["0111", "0011"]);
  });

  test("explicit", () => {
    const visible = Uint8Array.of(1, 0, 2, 0, 1, 0);
    expect(seen({ kind: "explicit", visible }, 2, 3)).toEqual(["101", "010"]);
  });

  test("a window drops what is too old by position", () => {
    const positions = Int32Array.of(3, 4);
    expect(seen({ kind: "causal", positions, window: 2 }, 2, 5)).toEqual(["00110", "00011"]);
    expect(seen({ kind: "none", positions, window: 2 }, 2, 5)).toEqual(["00111", "00011"]);
  });

  test("chosen slots restrict all but the rows' own", () => {
    const slots = [Uint32Array.of(1, 3)];
    expect(seen({ kind: "causal", slots }, 2, 5)).toEqual(["01010", "01011"]);
    expect(seen({ kind: "none", slots }, 1, 5)).toEqual(["01010"]);
    expect(seen({ kind: "none", slots: [null] }, 1, 2)).toEqual(["11"]);
  });
});

describe("edges", () => {
  const dense = (count: number, logWeights?: Tensor): AttentionCall["source"] => ({
    kind: "dense",
    keys: up([count, 1], new Array(count).fill(0.5)),
    values: up([count, 1], new Array(count).fill(3)),
    count,
    kvHeadCount: 1,
    ...(logWeights ? { logWeights } : {}),
  });

  test("a row that sees nothing gives zeros and -Infinity", () => {
    for (const source of [dense(0), dense(2, up([2], [-Infinity, -Infinity]))]) {
      const out = up([1, 1], [7]);
      const logSumExp = backend.empty([1, 1]);
      backend.attention(callOf(source, { kind: "none" }, 1), { out, logSumExp });
      expect([out.data[0], logSumExp.data[0]]).toEqual([0, -Infinity]);
    }
  });

  test("log weights count a slot as many, after the cap", () => {
    const weights = up([2], [Math.log(3), 0]);
    const call = { ...callOf(dense(2, weights), { kind: "none" }, 1), softCap: 0.25 };
    const out = backend.empty([1, 1, 2]);
    backend.attentionTap(call, { want: "probabilities", out });
    expect(Number(out.data[0])).toBeCloseTo(0.75, 6);
    backend.attentionTap(call, { want: "logits", out });
    expect(Number(out.data[0])).toBeCloseTo(0.25 * Math.tanh(2) + Math.log(3), 6);
    expect(Number(out.data[1])).toBeCloseTo(0.25 * Math.tanh(2), 6);
  });

  test("columns past a head's end and hidden slots: 0 or -Infinity", () => {
    const call = callOf(dense(2), { kind: "causal" }, 2);
    const out = backend.empty([1, 2, 2]);
    backend.attentionTap(call, { want: "logits", out });
    expect([...(out.data as Float32Array)]).toEqual([0.5, -Infinity, 0.5, 0.5]);
    const column = up([1, 2], [9, 9]);
    backend.attentionTap(call, { want: "columnSum", out: column });
    expect([...(column.data as Float32Array)]).toEqual([1.5, 0.5]);
    backend.attentionTap(call, { want: "columnMax", out: column });
    expect([...(column.data as Float32Array)]).toEqual([1, 0.5]);
  });
});
