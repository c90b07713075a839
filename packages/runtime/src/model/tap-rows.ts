/** Which rows a tap chose, and how rows of activations become heads. */
import { ArgumentError, CapabilityError, type Floats, floats, type Tap } from "@frugal/tensor";
import type { RowClasses } from "./taps.js";

/** Ascending row numbers of a tap among `count` rows. */
export function chosenRows(tap: Tap, count: number, classes: RowClasses): readonly number[] {
  const rows = tap.rows ?? "all";
  if (rows === "all") return range(0, count);
  if (rows === "last") return range(Math.max(0, count - 1), count);
  const isEncoder = tap.part === "encoder";
  if (rows === "class" && isEncoder) return range(0, Math.min(1, count));
  if (rows === "image" && isEncoder) return range(1, count);
  if (rows === "class" || rows === "image" || rows === "text") {
    const named = rows === "class" ? undefined : classes[rows];
    if (!named) throw new CapabilityError("taps", [`${rows} rows: this step does not know them`]);
    return named;
  }
  if (isList(rows)) return checkedRows(rows, count);
  if ("last" in rows) return range(Math.max(0, count - rows.last), count);
  const { every } = rows;
  return range(0, count).filter((row) => row % every === 0);
}

/** `Array.isArray` does not narrow readonly lists. */
const isList = (rows: object): rows is readonly number[] => Array.isArray(rows);

function checkedRows(rows: readonly number[], count: number): readonly number[] {
  for (const row of rows) {
    if (!Number.isInteger(row) || row < 0 || row >= count) {
      throw new ArgumentError("taps", "rows", `integers in 0..${count - 1}`, row);
    }
  }
  return rows;
}

export function pickRows(
  data: Float32Array,
  width: number,
  rows: readonly number[],
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

/** [rows, heads * D] -> [heads, rows, D] */
export function splitHeads(data: Float32Array, rows: number, heads: number): Floats {
  const width = rows === 0 ? 0 : data.length / rows / heads;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++) {
      const from = (row * heads + head) * width;
      out.set(data.subarray(from, from + width), (head * rows + row) * width);
    }
  }
  return floats([heads, rows, width], out);
}

/** Runs of neighbouring rows as [first, count]. */
export function neighbours(rows: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === row) last[1]++;
    else runs.push([row, 1]);
  }
  return runs;
}

/** [H, rows, T] -> [H, T]: the sum over rows, or the largest. */
export function reducedRows(all: Floats, isLargest: boolean): Floats {
  const [heads, rows, columns] = all.dims as [number, number, number];
  const out = new Float32Array(heads * columns);
  for (let i = 0; i < all.data.length; i++) {
    const at = Math.floor(i / (rows * columns)) * columns + (i % columns);
    const value = all.data[i] as number;
    out[at] = isLargest ? Math.max(out[at] as number, value) : (out[at] as number) + value;
  }
  return floats([heads, columns], out);
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
