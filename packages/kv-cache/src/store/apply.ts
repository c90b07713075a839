/**
 * Carries out the plans of one layer: evicting in place, gathering where slots are merged or stored anew, compact positions.
 *
 * Shapes   plans [G]: rows over a head's slots -> new slots; null: the head stays
 * Units    compact positions are right-aligned: with n slots in the longest head, a head of m takes n - m .. n - 1
 * Order    ascending single slots of weight 1 move bit for bit; everything else is gathered by the back end
 * Cost     O(slots moved); a head whose positions change is rotated once
 * State    all gathering comes first, so a plan that the back end refuses leaves the layer as it was
 * Errors   ArgumentError, ShapeError for plans that do not fit; CapabilityError for a codec that is no page format, and for
 *          compact positions without a rotation table
 */
import {
  ArgumentError,
  CapabilityError,
  type HeadPlan,
  type KvFormat,
  type KvRun,
  ShapeError,
  type SparseRows,
} from "@frugal/tensor";
import type { PositionMode, RopeRotation } from "../types.js";
import type { LayerStore } from "./layer.js";

const WHERE = "Cache.apply";

export interface ApplyRequest {
  readonly layer: number;
  readonly store: LayerStore;
  readonly plans: readonly (HeadPlan | null)[];
  readonly positions: PositionMode;
  readonly rope: RopeRotation | undefined;
  readonly tokenCount: number;
}

export function applyPlans(request: ApplyRequest): void {
  const { store, plans, positions, rope } = request;
  if (positions !== "original" && positions !== "compact") {
    throw new ArgumentError(WHERE, "positions", `"original" or "compact"`, positions);
  }
  if (positions === "compact" && !rope) {
    throw new CapabilityError(
      WHERE,
      ["a rotation table for compact positions"],
      "Give createCache the option rope.",
    );
  }
  if (plans.length !== store.heads.length) {
    throw new ShapeError(WHERE, [store.heads.length], [plans.length], "One plan a kv head.");
  }
  const made: { head: number; run: KvRun; origins: Int32Array }[] = [];
  const kept: { head: number; slots: Uint32Array }[] = [];
  try {
    plans.forEach((plan, head) => {
      if (plan === null) return;
      checkPlan(plan, store.length(head));
      const slots = keptSlots(plan, store, head);
      if (slots !== null) {
        kept.push({ head, slots });
        return;
      }
      const run = store.memory.gather(store.heads[head]!, plan, formatOf(plan, store, head));
      made.push({ head, run, origins: originsOf(plan, store.origins[head]!.view) });
    });
  } catch (error) {
    for (const { run } of made) run.dispose();
    throw error;
  }
  for (const { head, run, origins } of made) store.replace(head, run, origins);
  for (const { head, slots } of kept) store.keep(head, slots);
  store.beginStep();
  if (positions === "original") return;
  compactPositions(request.layer, store, rope!);
  store.rebook(request.tokenCount);
}

function compactPositions(layer: number, store: LayerStore, rope: RopeRotation): void {
  const { longest } = store;
  for (let g = 0; g < store.heads.length; g++) {
    let next = longest - store.length(g);
    for (const run of store.heads[g]!) {
      const from = run.positions;
      const to = new Int32Array(run.length);
      const deltas = new Int32Array(run.length);
      let moves = false;
      for (let i = 0; i < to.length; i++) {
        to[i] = next++;
        deltas[i] = to[i]! - from[i]!;
        moves ||= deltas[i] !== 0;
      }
      if (!moves) continue;
      const angles = rope.angles(layer, deltas) ?? stillAngles(run.length, run.headWidth);
      run.rotate(angles, to);
    }
  }
}

/** Cosines 1, sines 0: a layer without rope only gets new positions. */
function stillAngles(count: number, width: number): Float32Array {
  const angles = new Float32Array(count * width);
  for (let i = 0; i < count; i++) angles.fill(1, i * width, i * width + width / 2);
  return angles;
}

function checkPlan(plan: HeadPlan, length: number): void {
  const { keysFrom, valuesFrom, positions, logWeights } = plan;
  for (const rows of [keysFrom, valuesFrom]) {
    if (rows.sourceCount !== length) throw new ShapeError(WHERE, [length], [rows.sourceCount]);
    if (rows.rowCount !== positions.length) {
      throw new ShapeError(WHERE, [positions.length], [rows.rowCount]);
    }
    if (rows.starts.length !== rows.rowCount + 1) {
      throw new ShapeError(WHERE, [rows.rowCount + 1], [rows.starts.length]);
    }
    const entries = rows.starts[rows.rowCount]!;
    if (rows.sources.length < entries || rows.weights.length < entries) {
      throw new ShapeError(WHERE, [entries], [Math.min(rows.sources.length, rows.weights.length)]);
    }
    for (let e = 0; e < entries; e++) {
      if (rows.sources[e]! >= length) {
        throw new ArgumentError(WHERE, `sources[${e}]`, `below ${length}`, rows.sources[e]);
      }
    }
  }
  if (logWeights !== null && logWeights.length !== positions.length) {
    throw new ShapeError(WHERE, [positions.length], [logWeights.length]);
  }
}

/** The slots of a plan that only evicts, in order; null for every other plan. */
export function singleSlots(rows: SparseRows): Uint32Array | null {
  const { rowCount, starts, sources, weights } = rows;
  for (let row = 0; row < rowCount; row++) {
    if (starts[row] !== row || starts[row + 1] !== row + 1 || weights[row] !== 1) return null;
    if (row > 0 && sources[row]! <= sources[row - 1]!) return null;
  }
  return sources.subarray(0, rowCount);
}

function keptSlots(plan: HeadPlan, store: LayerStore, head: number): Uint32Array | null {
  const slots = singleSlots(plan.keysFrom);
  const values = slots && singleSlots(plan.valuesFrom);
  if (!slots || !values) return null;
  for (let i = 0; i < slots.length; i++) if (slots[i] !== values[i]) return null;
  const runs = store.heads[head]!;
  if (plan.codec) {
    const format = formatOf(plan, store, head);
    if (runs.some((run) => run.length > 0 && run.format !== format)) return null;
  }
  let next = 0;
  let start = 0;
  for (const run of runs) {
    const end = start + run.length;
    for (; next < slots.length && slots[next]! < end; next++) {
      const slot = slots[next]! - start;
      if (plan.positions[next] !== run.positions[slot]) return null;
      if ((plan.logWeights?.[next] ?? 0) !== (run.logWeights?.[slot] ?? 0)) return null;
    }
    start = end;
  }
  return slots;
}

/** Without a codec slots keep the format that all of them have; where they differ, the cache's. */
function formatOf(plan: HeadPlan, store: LayerStore, head: number): KvFormat {
  const { codec } = plan;
  if (!codec) {
    const formats = new Set(
      store.heads[head]!.filter((run) => run.length > 0).map((r) => r.format),
    );
    const [only] = formats;
    return formats.size === 1 ? only! : store.format;
  }
  const { formats } = store.memory;
  if (codec.keys !== codec.values || !formats.includes(codec.keys as KvFormat)) {
    throw new CapabilityError(
      WHERE,
      [`pages of keys in ${codec.keys} and values in ${codec.values}`],
      `This back end stores both in one of ${formats.join(", ")}.`,
    );
  }
  return codec.keys as KvFormat;
}

/** A new slot stands for the latest token among its sources, so it goes when that token goes; with no source for token 0. */
function originsOf(plan: HeadPlan, old: Int32Array): Int32Array {
  const origins = new Int32Array(plan.positions.length);
  for (const rows of [plan.keysFrom, plan.valuesFrom]) {
    for (let row = 0; row < rows.rowCount; row++) {
      for (let e = rows.starts[row]!; e < rows.starts[row + 1]!; e++) {
        origins[row] = Math.max(origins[row]!, old[rows.sources[e]!]!);
      }
    }
  }
  return origins;
}
