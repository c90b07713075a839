/**
 * What every back end checks of an attention call, and the extents that follow from it.
 *
 * Shapes   query [R, H * D]; per kv head a list of runs, or dense keys and values [count, G * D]
 * Cost     O(G) and the length of the mask's own arrays
 * Errors   ShapeError, ArgumentError, StateError, DtypeError
 */
import type { AttentionCall, AttentionMask, AttentionSource } from "../backend.js";
import { ArgumentError, ShapeError } from "../errors/index.js";
import type { Door } from "./door.js";

const KINDS: readonly AttentionMask["kind"][] = ["none", "causal", "tree", "position", "explicit"];

export interface AttentionExtents {
  readonly kvHeadCount: number;
  /** Slots of the longest head: the columns of `visible` and of tap outputs. */
  readonly columns: number;
}

export function checkAttention(where: string, call: AttentionCall, door: Door): AttentionExtents {
  const { query, firstRow, rows, headCount, headWidth, source, scale, softCap = 0 } = call;
  door.count(where, "rows", rows);
  door.count(where, "firstRow", firstRow);
  positiveInteger(where, "headCount", headCount);
  positiveInteger(where, "headWidth", headWidth);
  door.number(where, "scale", scale);
  door.number(where, "softCap", softCap);
  if (softCap < 0) throw new ArgumentError(where, "softCap", "at least 0", softCap);
  door.rowsOf(where, query, firstRow + rows, headCount * headWidth, "float32", "query");
  const kvHeadCount = source.kind === "runs" ? source.runs.length : source.kvHeadCount;
  positiveInteger(where, "kvHeadCount", kvHeadCount);
  if (headCount % kvHeadCount !== 0) {
    throw new ArgumentError(where, "headCount", `a multiple of ${kvHeadCount}`, headCount);
  }
  if (source.kind === "dense") checkDense(where, source, kvHeadCount * headWidth, door);
  else checkWidths(where, source, headWidth);
  const columns = checkMask(where, call, kvHeadCount);
  return { kvHeadCount, columns };
}

/** Slots of one kv head. */
export function slotCount(source: AttentionSource, head: number): number {
  if (source.kind === "dense") return source.count;
  let count = 0;
  for (const run of source.runs[head]!) count += run.length;
  return count;
}

function checkDense(
  where: string,
  source: Extract<AttentionSource, { kind: "dense" }>,
  width: number,
  door: Door,
): void {
  const { keys, values, count, logWeights } = source;
  door.count(where, "count", count);
  door.rowsOf(where, keys, count, width, "float32", "keys");
  door.rowsOf(where, values, count, width, "float32", "values");
  if (logWeights !== undefined) door.room(where, logWeights, count, "float32", "logWeights");
}

function checkWidths(
  where: string,
  source: Extract<AttentionSource, { kind: "runs" }>,
  headWidth: number,
): void {
  for (const head of source.runs) {
    for (const run of head) {
      if (run.headWidth !== headWidth) throw new ShapeError(where, [headWidth], [run.headWidth]);
    }
  }
}

function checkMask(where: string, call: AttentionCall, kvHeadCount: number): number {
  const { mask, rows, source } = call;
  const { kind, positions, window, visible, slots } = mask;
  if (!KINDS.includes(kind)) throw new ArgumentError(where, "mask.kind", KINDS.join(", "), kind);
  const ownRows = kind === "causal" || kind === "tree" ? rows : 0;
  let columns = 0;
  for (let g = 0; g < kvHeadCount; g++) {
    const count = slotCount(source, g);
    columns = Math.max(columns, count);
    if (count < ownRows) {
      throw new ArgumentError(where, `slots of kv head ${g}`, `at least the ${rows} rows`, count);
    }
  }
  if (kind === "tree") checkParents(where, mask.parents, rows);
  if (kind === "position" || window !== undefined) {
    if (positions === undefined) {
      throw new ArgumentError(where, "mask.positions", "given, one a row", positions);
    }
    if (positions.length !== rows) throw new ShapeError(where, [rows], [positions.length]);
  }
  if (window !== undefined) positiveInteger(where, "mask.window", window);
  if (kind === "explicit" && visible?.length !== rows * columns) {
    throw new ShapeError(`${where}: mask.visible`, [rows, columns], [visible?.length ?? 0]);
  }
  if (slots !== undefined) checkSlots(where, slots, source, kvHeadCount);
  return columns;
}

function checkParents(where: string, parents: Int32Array | undefined, rows: number): void {
  if (parents?.length !== rows) {
    throw new ShapeError(`${where}: mask.parents`, [rows], [parents?.length ?? 0]);
  }
  for (let row = 0; row < rows; row++) {
    const parent = parents[row]!;
    if (parent < -1 || parent >= row) {
      throw new ArgumentError(where, `mask.parents[${row}]`, `in -1..${row - 1}`, parent);
    }
  }
}

function checkSlots(
  where: string,
  slots: readonly (Uint32Array | null)[],
  source: AttentionSource,
  kvHeadCount: number,
): void {
  if (slots.length !== kvHeadCount) throw new ShapeError(where, [kvHeadCount], [slots.length]);
  for (let g = 0; g < kvHeadCount; g++) {
    const list = slots[g];
    if (!list) continue;
    const count = slotCount(source, g);
    for (let i = 0; i < list.length; i++) {
      const floor = i === 0 ? 0 : list[i - 1]! + 1;
      if (list[i]! < floor || list[i]! >= count) {
        const range = `in ${floor}..${count - 1}, ascending`;
        throw new ArgumentError(where, `mask.slots[${g}][${i}]`, range, list[i]);
      }
    }
  }
}

function positiveInteger(where: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ArgumentError(where, name, "a positive integer", value);
  }
}
