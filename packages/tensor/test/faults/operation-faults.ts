/** Faults of rows and matrices. */
import { dataOf, type Fault, lastBits, nudge, spoilt } from "./fault.js";

export const OPERATION_FAULTS: readonly Fault[] = [
  [
    "rmsNorm agrees with the reference",
    "epsilon is left out",
    (right) => ({
      rmsNorm: (input, gain, _, out, rows) => right.rmsNorm(input, gain, 0, out, rows),
    }),
  ],
  [
    "layerNorm agrees with the reference",
    "the bias is nudged",
    (right) => ({
      layerNorm: spoilt(right.layerNorm, (_i, _g, _b, _e, out, rows) => {
        if (rows > 0) nudge(out);
      }),
    }),
  ],
  [
    "rope turns every head of the given rows",
    "one row too many",
    (right) => ({
      rope(heads, angles, headCount, rows) {
        right.rope(heads, angles, headCount, rows);
        if (heads.dims[0]! > rows) nudge(heads, rows * (heads.size / heads.dims[0]!));
      },
    }),
  ],
  [
    "activations agree with the reference, at their far ends too",
    "gelu by its tanh",
    (right) => ({
      activation: (kind, input, out, rows) =>
        right.activation(kind === "gelu" ? "geluTanh" : kind, input, out, rows),
    }),
  ],
  [
    "add, multiply and scale round once",
    "scale by a reciprocal",
    () => ({
      scale(input, factor, out, rows) {
        const width = input.size / Math.max(1, input.dims[0]!);
        const reciprocal = Math.fround(1 / factor);
        for (let i = 0; i < rows * width; i++) dataOf(out)[i] = dataOf(input)[i]! / reciprocal;
      },
    }),
  ],
  [
    "softCap agrees with the reference",
    "a hard cap",
    (right) => ({
      softCap: spoilt(right.softCap, (input, cap, out, rows) => {
        const width = input.size / Math.max(1, input.dims[0]!);
        for (let i = 0; i < rows * width; i++) {
          dataOf(out)[i] = Math.max(-cap, Math.min(cap, dataOf(input)[i]!));
        }
      }),
    }),
  ],
  [
    "softmax agrees with the reference, also hidden and far apart",
    "a row of nothing gives NaN",
    (right) => ({
      softmax: spoilt(right.softmax, (_, out, rows) => {
        const width = out.size / Math.max(1, out.dims[0]!);
        for (let r = 0; r < rows; r++) {
          const row = dataOf(out).subarray(r * width, (r + 1) * width);
          if (row.every((x) => x === 0)) row.fill(Number.NaN);
        }
      }),
    }),
  ],
  [
    "argmax and topk break ties downwards and rank NaN last",
    "the last of equals wins",
    (right) => ({
      argmax(input, out, rows) {
        right.argmax(input, out, rows);
        const width = input.size / Math.max(1, input.dims[0]!);
        for (let r = 0; r < rows; r++) {
          const row = dataOf(input).subarray(r * width, (r + 1) * width);
          (out.data as Int32Array)[r] = row.lastIndexOf(row[Number(out.data[r])]!);
        }
      },
    }),
  ],
  [
    "row-wise and pointwise operations may write over their input",
    "add clears its output first",
    (right) => ({
      add(a, b, out, rows) {
        if (a === out) dataOf(out).fill(0);
        right.add(a, b, out, rows);
      },
    }),
  ],
  [
    "linear agrees with the reference",
    "the last input is left out",
    (right) => ({
      linear(input, weight, out, rows) {
        right.linear(input, weight, out, rows);
        if (rows > 0 && weight.dims[1] > 32) nudge(out, 0, dataOf(input)[weight.dims[1] - 1]!);
      },
    }),
  ],
  [
    "int8 linear multiplies codes by codes",
    "activations are not coded",
    (right) => ({
      linear(input, weight, out, rows) {
        right.linear(input, weight, out, rows);
        if (weight.format === "int8" && rows > 0) nudge(out, 0, 1e-3);
      },
    }),
  ],
  [
    "gather copies rows bit for bit, from tables and from weights",
    "loses the sign of zero",
    (right) => ({
      gather: spoilt(right.gather, (_t, _i, out) => {
        dataOf(out).forEach((x, i) => {
          if (x === 0) dataOf(out)[i] = 0;
        });
      }),
    }),
  ],
  [
    "similarity agrees with the reference, 0 for zero rows",
    "NaN for zero rows",
    (right) => ({
      similarity: spoilt(right.similarity, (_a, _b, out) => {
        dataOf(out).forEach((x, i) => {
          if (x === 0) dataOf(out)[i] = Number.NaN;
        });
      }),
    }),
  ],
  [
    "patchEmbed agrees with the reference",
    "writes a row behind the patches",
    (right) => ({
      patchEmbed: spoilt(right.patchEmbed, (_p, _w, _s, out) => nudge(out, out.size - 1)),
    }),
  ],
  [
    "sparseRows sums what the map says and copies single sources bit for bit",
    "copies become sums",
    (right) => ({
      sparseRows: spoilt(right.sparseRows, (_m, _i, out) => {
        dataOf(out).forEach((x, i) => {
          dataOf(out)[i] = 0 + x;
        });
      }),
    }),
  ],
  [
    "a row of linear has the same bits among any other rows",
    "pairs of rows are summed the other way",
    (right) => ({
      linear(input, weight, out, rows) {
        right.linear(input, weight, out, rows);
        if (rows > 1) lastBits(out, rows * weight.dims[0]);
      },
    }),
  ],
];
