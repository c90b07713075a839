/** The primitives in plain f32 loops: the yardstick of a faster table's error. */

import { gatherRows } from "../../ops/gather-rows.js";
import type { Ops } from "../../ops/types.js";
import { argmax, topkIndices } from "../../selection.js";
import { floats } from "../../tensor.js";
import type { Floats } from "../../types.js";
import { plainDot, plainSimilarity, plainSoftmax } from "../backend/plain.js";

const f32 = Math.fround;

const widthOf = (x: Floats): number => x.dims[1]!;
const rowsOf = (x: Floats): number => x.dims[0]!;

function perRow(rows: Floats, take: (row: Float32Array) => number): Float32Array {
  const width = widthOf(rows);
  return Float32Array.from({ length: rowsOf(rows) }, (_, r) =>
    take(rows.data.subarray(r * width, (r + 1) * width)),
  );
}

const sumOf = (row: Iterable<number>): number => {
  let sum = 0;
  for (const x of row) sum = f32(sum + x);
  return sum;
};

const lengthOf = (row: Float32Array): number =>
  f32(Math.sqrt(plainDot(row, 0, row, 0, row.length)));

/** Weighted sums of rows, one entry after the other. */
function weighted(
  out: Float32Array,
  at: number,
  rows: Floats,
  source: number,
  weight: number,
): void {
  const width = widthOf(rows);
  for (let c = 0; c < width; c++) {
    out[at * width + c]! += f32(weight * rows.data[source * width + c]!);
  }
}

export const plainOps: Ops = {
  name: "plain",
  matmul(a, b) {
    const [inner, width] = b.dims as [number, number];
    const turned = Float32Array.from(
      b.data,
      (_, i) => b.data[(i % inner) * width + Math.floor(i / inner)]!,
    );
    const out = Float32Array.from({ length: rowsOf(a) * width }, (_, i) =>
      plainDot(a.data, Math.floor(i / width) * inner, turned, (i % width) * inner, inner),
    );
    return floats([rowsOf(a), width], out);
  },
  rowDot: (a, i, b, j) => plainDot(a.data, i * widthOf(a), b.data, j * widthOf(a), widthOf(a)),
  rowNorms: (rows) => perRow(rows, lengthOf),
  unitRows(rows) {
    const lengths = perRow(rows, lengthOf);
    const width = widthOf(rows);
    const unit = rows.data.map((x, i) => x / Math.max(lengths[Math.floor(i / width)]!, 1e-12));
    return floats(rows.dims, unit);
  },
  similarity(a, b) {
    const out = floats([rowsOf(a), rowsOf(b)]);
    plainSimilarity(a.data, b.data, out.data, [rowsOf(a), rowsOf(b), widthOf(a)]);
    return out;
  },
  softmaxRows(rows) {
    const out = floats(rows.dims);
    plainSoftmax(rows.data, out.data, rowsOf(rows), widthOf(rows));
    return out;
  },
  logSumExpRows: (rows) =>
    perRow(rows, (row) => {
      const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
      if (!Number.isFinite(largest)) return largest;
      return largest + f32(Math.log(sumOf(row.map((x) => Math.exp(f32(x - largest))))));
    }),
  topk: topkIndices,
  argmax,
  gatherRows,
  scatterMean(rows, targets, rowCount) {
    const out = floats([rowCount, widthOf(rows)]);
    const sizes = new Float32Array(rowCount);
    for (let n = 0; n < rowsOf(rows); n++) {
      weighted(out.data, targets[n]!, rows, n, 1);
      sizes[targets[n]!]!++;
    }
    const width = widthOf(rows);
    return floats(
      out.dims,
      out.data.map((x, i) => x / Math.max(1, sizes[Math.floor(i / width)]!)),
    );
  },
  sumRows(rows) {
    const out = new Float32Array(widthOf(rows));
    for (let n = 0; n < rowsOf(rows); n++) weighted(out, 0, rows, n, 1);
    return out;
  },
  pool1d(rows, { kind, size, stride = 1, padding = Math.floor(size / 2) }) {
    const length = widthOf(rows);
    const columns = Math.max(0, Math.floor((length + 2 * padding - size) / stride) + 1);
    const out = Float32Array.from({ length: rowsOf(rows) * columns }, (_, i) => {
      const first = (i % columns) * stride - padding;
      const row = Math.floor(i / columns) * length;
      const part = rows.data.subarray(
        row + Math.max(0, first),
        row + Math.min(length, first + size),
      );
      return kind === "avg" ? sumOf(part) / size : Math.max(...part);
    });
    return floats([rowsOf(rows), columns], out);
  },
  sparseRows(map, rows) {
    const out = floats([map.rowCount, widthOf(rows)]);
    for (let row = 0; row < map.rowCount; row++) {
      for (let e = map.starts[row]!; e < map.starts[row + 1]!; e++) {
        weighted(out.data, row, rows, map.sources[e]!, map.weights[e]!);
      }
    }
    return out;
  },
};
