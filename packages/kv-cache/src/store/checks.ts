/** What the cache's doors refuse. */
import { ArgumentError, type CacheLayout, ShapeError } from "@frugal/tensor";
import type { LayerRows } from "../types.js";

/** Bounds that no layout of a real model reaches; they keep a hostile file from allocating books. */
export const MAX_LAYERS = 1024;
export const MAX_HEADS = 1024;
export const MAX_HEAD_WIDTH = 4096;

export function checkCount(where: string, name: string, value: unknown, most = 0x7fffffff): void {
  if (!(typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most)) {
    throw new ArgumentError(where, name, `an integer of 0..${most}`, value);
  }
}

export function checkLayout(where: string, layout: CacheLayout): void {
  const { layers } = layout;
  if (!(layers.length >= 1 && layers.length <= MAX_LAYERS)) {
    throw new ArgumentError(where, "layers", `1..${MAX_LAYERS} layers`, layers.length);
  }
  layers.forEach(({ kind, kvHeadCount, headWidth }, layer) => {
    if (kind === "recurrent") return;
    if (kind !== "attention") {
      throw new ArgumentError(where, `layers[${layer}].kind`, `"attention" or "recurrent"`, kind);
    }
    if (!(Number.isInteger(kvHeadCount) && kvHeadCount >= 1 && kvHeadCount <= MAX_HEADS)) {
      const name = `layers[${layer}].kvHeadCount`;
      throw new ArgumentError(where, name, `an integer of 1..${MAX_HEADS}`, kvHeadCount);
    }
    if (!(Number.isInteger(headWidth) && headWidth >= 1 && headWidth <= MAX_HEAD_WIDTH)) {
      const name = `layers[${layer}].headWidth`;
      throw new ArgumentError(where, name, `an integer of 1..${MAX_HEAD_WIDTH}`, headWidth);
    }
  });
}

/** Ascending tokens of the step, none twice; by default the next ones. */
export function checkOrigins(rows: LayerRows, next: number, stepCount: number): void {
  const where = "Cache.append";
  checkCount(where, "rows", rows.rows);
  const { origins } = rows;
  if (!origins) {
    if (next + rows.rows > stepCount) {
      throw new ArgumentError(where, "rows", `at most ${stepCount - next} of this step`, rows.rows);
    }
    return;
  }
  if (origins.length !== rows.rows) throw new ShapeError(where, [rows.rows], [origins.length]);
  for (let i = 0; i < origins.length; i++) {
    if (!(origins[i]! >= next && origins[i]! < stepCount)) {
      const range = `in ${next}..${stepCount - 1}, ascending`;
      throw new ArgumentError(where, `origins[${i}]`, range, origins[i]);
    }
    next = origins[i]! + 1;
  }
}

/** Row 0, then rows that each follow the one before. */
export function checkPath(
  rows: readonly number[],
  stepCount: number,
  parents: Int32Array | null,
): void {
  const where = "Cache.commit";
  if (rows.length === 0 || rows[0] !== 0) {
    throw new ArgumentError(where, "rows", "a path that begins with row 0", rows);
  }
  for (let i = 1; i < rows.length; i++) {
    const row = rows[i]!;
    const parent = parents ? parents[row] : row - 1;
    if (
      !Number.isInteger(row) ||
      row <= rows[i - 1]! ||
      row >= stepCount ||
      parent !== rows[i - 1]
    ) {
      const rule = `a row below ${stepCount} that follows row ${rows[i - 1]}`;
      throw new ArgumentError(where, `rows[${i}]`, rule, row);
    }
  }
}

/** Parents stand before their children; -1 is the root. */
export function checkParents(parents: Int32Array): void {
  for (let i = 0; i < parents.length; i++) {
    if (parents[i]! >= -1 && parents[i]! < i) continue;
    throw new ArgumentError("Cache.begin", `parents[${i}]`, `in -1..${i - 1}`, parents[i]);
  }
}
