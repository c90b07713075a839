/**
 * Builds one attention call on both sides: cached segments, the rows' own slots, a mask.
 *
 * Shapes   H query heads over G kv heads of width D; per kv head a list of cached lengths, one run each
 */
import type { AttentionCall, AttentionMask, Backend } from "../../backend.js";
import type { KvFormat, KvRun } from "../../kv/types.js";
import { markVisible } from "../../reference/attention-mask.js";
import { identityRows } from "../../sparse-rows.js";
import { plainDot } from "./plain.js";
import type { Pick, Trial, Twin } from "./trial.js";

export interface AttentionShape {
  readonly name: string;
  readonly headCount: number;
  readonly headWidth: number;
  /** Per kv head: the lengths of its cached segments. */
  readonly cached: readonly (readonly number[])[];
  readonly rows: number;
  readonly firstRow?: number;
  readonly kind: AttentionMask["kind"];
  readonly parents?: readonly number[];
  readonly window?: number;
  /** Share of earlier slots that stay visible. */
  readonly chosen?: number;
  readonly isWeighted?: boolean;
  readonly softCap?: number;
  readonly formats?: readonly KvFormat[];
  readonly isDense?: boolean;
}

/** What the plain loop reads: decoded vectors of one kv head. */
interface HeadSlots {
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly logWeights: Float32Array;
  readonly positions: Int32Array;
}

export interface AttentionCase {
  readonly shape: AttentionShape;
  readonly query: Float32Array;
  readonly heads: readonly HeadSlots[];
  readonly mask: AttentionMask;
  readonly scale: number;
  /** Slots of the longest head. */
  readonly columns: number;
  call(backend: Backend, pick: Pick): AttentionCall;
}

export async function attentionCase(t: Trial, shape: AttentionShape): Promise<AttentionCase> {
  const { headCount, headWidth, rows, firstRow = 0, kind } = shape;
  const query = t.numbers((firstRow + rows + 1) * headCount * headWidth);
  const queries = t.upload([firstRow + rows + 1, headCount * headWidth], query);
  const scale = 1 / Math.sqrt(headWidth);
  const { source, heads } = shape.isDense ? denseSource(t, shape) : await cachedSource(t, shape);
  const columns = Math.max(0, ...heads.map(({ positions }) => positions.length));
  const mask = maskOf(t, shape, heads, columns);
  return {
    shape,
    query,
    heads,
    mask,
    scale,
    columns,
    call: (_, pick) => ({
      query: pick(queries),
      firstRow,
      rows,
      headCount,
      headWidth,
      source: pick(source),
      mask: { ...mask, kind },
      scale,
      ...(shape.softCap ? { softCap: shape.softCap } : {}),
    }),
  };
}

type Source = AttentionCall["source"];

function denseSource(t: Trial, { cached, headWidth, isWeighted }: AttentionShape) {
  const count = cached[0]![0]!;
  const kvHeadCount = cached.length;
  const width = kvHeadCount * headWidth;
  const [keys, values] = [t.numbers(count * width), t.numbers(count * width)];
  const weights = logWeights(t, count, isWeighted ?? false);
  const k = t.upload([count, width], keys);
  const v = t.upload([count, width], values);
  const w = t.upload([count], weights);
  const source: Twin<Source> = t.both((_, pick) => ({
    kind: "dense",
    keys: pick(k),
    values: pick(v),
    count,
    kvHeadCount,
    ...(isWeighted ? { logWeights: pick(w) } : {}),
  }));
  const column = (all: Float32Array, g: number) =>
    Float32Array.from({ length: count * headWidth }, (_, i) => {
      const [slot, d] = [Math.floor(i / headWidth), i % headWidth];
      return all[slot * width + g * headWidth + d]!;
    });
  const heads = cached.map((_, g) => ({
    keys: column(keys, g),
    values: column(values, g),
    logWeights: weights,
    positions: Int32Array.from({ length: count }, (__, slot) => slot),
  }));
  return { source, heads };
}

async function cachedSource(t: Trial, shape: AttentionShape) {
  const { cached, headWidth, rows, kind, formats = ["f32"], isWeighted = false } = shape;
  const runs: Twin<KvRun>[][] = cached.map((lengths, g) => {
    let position = t.integer(0, 3);
    return lengths.map((length, i) => {
      const positions = Int32Array.from({ length }, () => {
        position += t.integer(1, 3);
        return position;
      });
      const format = formats[(g + i) % formats.length]!;
      return segment(t, headWidth, positions, format, isWeighted);
    });
  });
  if (kind === "causal" || kind === "tree") appendOwn(t, runs, rows, headWidth);
  const source: Twin<Source> = t.both((_, pick) => ({
    kind: "runs",
    runs: runs.map((head) => head.map(pick)),
  }));
  const heads = await Promise.all(runs.map((head) => decodedHead(head, headWidth)));
  return { source, heads };
}

/** A run with log weights, where they are wanted: appended, then gathered by the identity. */
export function segment(
  t: Trial,
  headWidth: number,
  positions: Int32Array,
  format: KvFormat,
  isWeighted: boolean,
): Twin<KvRun> {
  const rows = positions.length;
  const run = t.run(headWidth, format);
  const keys = t.upload([rows, headWidth], t.numbers(rows * headWidth));
  const values = t.upload([rows, headWidth], t.numbers(rows * headWidth));
  t.both((backend, pick) =>
    backend.kv.append({
      runs: [pick(run)],
      keys: pick(keys),
      values: pick(values),
      firstRow: 0,
      rows,
      positions,
    }),
  );
  if (!isWeighted) return run;
  const map = identityRows(rows);
  const plan = { keysFrom: map, valuesFrom: map, positions, logWeights: logWeights(t, rows, true) };
  return t.made((backend, pick) => backend.kv.gather([pick(run)], plan, format));
}

function appendOwn(t: Trial, runs: Twin<KvRun>[][], rows: number, headWidth: number): void {
  const width = runs.length * headWidth;
  const keys = t.upload([rows + 2, width], t.numbers((rows + 2) * width));
  const values = t.upload([rows + 2, width], t.numbers((rows + 2) * width));
  const last = Math.max(...runs.flat().map(({ truth }) => truth.positions.at(-1) ?? 0));
  const positions = Int32Array.from({ length: rows }, (_, i) => last + 1 + i);
  t.both((backend, pick) =>
    backend.kv.append({
      runs: runs.map((head) => pick(head.at(-1)!)),
      keys: pick(keys),
      values: pick(values),
      firstRow: 1,
      rows,
      positions,
    }),
  );
}

function logWeights(t: Trial, count: number, isWeighted: boolean): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    if (!isWeighted) return 0;
    return i % 7 === 3 ? -Infinity : Math.log(1 + t.integer(0, 5));
  });
}

async function decodedHead(runs: readonly Twin<KvRun>[], width: number): Promise<HeadSlots> {
  const length = runs.reduce((sum, { truth }) => sum + truth.length, 0);
  const keys = new Float32Array(length * width);
  const values = new Float32Array(length * width);
  const weights = new Float32Array(length);
  const positions = new Int32Array(length);
  let slot = 0;
  for (const { truth } of runs) {
    keys.set(await truth.read("key"), slot * width);
    values.set(await truth.read("value"), slot * width);
    if (truth.logWeights) weights.set(truth.logWeights, slot);
    positions.set(truth.positions, slot);
    slot += truth.length;
  }
  return { keys, values, logWeights: weights, positions };
}

function maskOf(
  t: Trial,
  shape: AttentionShape,
  heads: readonly HeadSlots[],
  columns: number,
): AttentionMask {
  const { kind, rows, parents, window, chosen } = shape;
  const longest = heads.reduce((a, b) => (b.positions.length > a.positions.length ? b : a));
  const last = longest.positions.at(-1) ?? 0;
  const hasOwn = kind === "causal" || kind === "tree";
  return {
    kind,
    positions: Int32Array.from({ length: rows }, (_, i) =>
      hasOwn ? last - rows + 1 + i : Math.max(0, last - t.integer(0, 12)),
    ),
    ...(parents ? { parents: Int32Array.from(parents) } : {}),
    ...(window ? { window } : {}),
    ...(kind === "explicit"
      ? {
          // The first row sees nothing.
          visible: Uint8Array.from({ length: rows * columns }, (_, i) =>
            i < columns ? 0 : t.integer(0, 1),
          ),
        }
      : {}),
    ...(chosen
      ? {
          slots: heads.map(({ positions }, g) =>
            g === 1
              ? null
              : Uint32Array.from(positions.keys()).filter(() => t.random.next() < chosen),
          ),
        }
      : {}),
  };
}

/** Outputs and probabilities of the plain f32 loop, for every row, head and slot. */
export function plainAttention(c: AttentionCase) {
  const { headCount, headWidth, rows, firstRow = 0, softCap = 0 } = c.shape;
  const group = headCount / c.heads.length;
  const out = new Float32Array((firstRow + rows) * headCount * headWidth);
  const logSumExp = new Float32Array(headCount * rows).fill(-Infinity);
  const logits = new Float32Array(headCount * rows * c.columns).fill(-Infinity);
  const probabilities = new Float32Array(logits.length);
  for (let h = 0; h < headCount; h++) {
    const index = Math.floor(h / group);
    const { keys, values, logWeights: weights, positions } = c.heads[index]!;
    const visible = new Uint8Array(positions.length);
    for (let row = 0; row < rows; row++) {
      const head = { count: positions.length, positions, index };
      markVisible(c.mask, head, row, rows, c.columns, visible);
      const at = (h * rows + row) * c.columns;
      const from = ((firstRow + row) * headCount + h) * headWidth;
      let largest = -Infinity;
      for (let s = 0; s < positions.length; s++) {
        if (!visible[s]) continue;
        const dot = plainDot(c.query, from, keys, s * headWidth, headWidth);
        const logit = Math.fround(dot * Math.fround(c.scale));
        const capped = softCap ? softCap * Math.fround(Math.tanh(logit / softCap)) : logit;
        logits[at + s] = Math.fround(capped) + weights[s]!;
        largest = Math.max(largest, logits[at + s]!);
      }
      if (largest === -Infinity) continue;
      let total = 0;
      for (let s = 0; s < positions.length; s++) {
        probabilities[at + s] = Math.exp(Math.fround(logits[at + s]! - largest));
        total = Math.fround(total + probabilities[at + s]!);
        for (let d = 0; d < headWidth; d++) {
          out[from + d] =
            out[from + d]! + Math.fround(probabilities[at + s]! * values[s * headWidth + d]!);
        }
      }
      for (let d = 0; d < headWidth; d++) out[from + d]! /= total;
      for (let s = 0; s < positions.length; s++) probabilities[at + s]! /= total;
      logSumExp[h * rows + row] = largest + Math.fround(Math.log(total));
    }
  }
  return { out, logSumExp, logits, probabilities };
}
