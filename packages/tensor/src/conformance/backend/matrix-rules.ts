/** Operations over matrices and tables agree with the reference. */

import { BACKEND_FLOORS } from "../../ops/table.js";
import { QUANT_BLOCK, quantizeBlocks } from "../../quantize.js";
import { patchRows } from "../../reference/patch-embed.js";
import type { SparseRows } from "../../types.js";
import type { Claims } from "./claims.js";
import { plainLinear, plainSimilarity } from "./plain.js";
import type { Trial } from "./trial.js";

/** rows, outputs, inputs: empty, one row, odd, not multiples of 4, 32 or 64, and some that are. */
const PRODUCTS = [
  [0, 5, 3],
  [1, 1, 1],
  [1, 4, 32],
  [2, 7, 33],
  [3, 64, 64],
  [4, 33, 65],
  [5, 130, 31],
  [8, 16, 96],
  [17, 9, 100],
  [1, 3, 0],
] as const;

export const MATRIX_RULES: Claims = {
  "linear agrees with the reference": async (t) => {
    for (const [rows, outputs, inputs] of PRODUCTS) {
      for (const hasBias of [false, true]) {
        t.at(`[${rows}, ${inputs}] by [${outputs}, ${inputs}]${hasBias ? " + bias" : ""}`);
        const matrix = t.numbers(outputs * inputs);
        const bias = hasBias ? t.numbers(outputs) : null;
        const data = t.numbers((rows + 1) * inputs);
        const input = t.upload([rows + 1, inputs], data);
        const weight = t.weight([outputs, inputs], matrix, { bias });
        await t.operation(
          [rows + 2, outputs],
          BACKEND_FLOORS.linear,
          (backend, pick, out) => backend.linear(pick(input), pick(weight), out, rows),
          (out) => plainLinear(data, matrix, bias, out, rows, [outputs, inputs]),
        );
      }
    }
  },

  "int8 linear multiplies codes by codes": async (t) => {
    if (!t.subject.weightFormats.includes("int8")) return;
    for (const [rows, outputs, inputs] of PRODUCTS) {
      t.at(`[${rows}, ${inputs}] by [${outputs}, ${inputs}]`);
      const matrix = t.numbers(outputs * inputs);
      const bias = t.numbers(outputs);
      const data = t.numbers(rows * inputs, 3);
      data.fill(0, 0, Math.min(data.length, 40)); // a block of zeros has scale 0
      const input = t.upload([rows, inputs], data);
      const weight = t.weight([outputs, inputs], matrix, { bias, format: "int8" });
      const decoded = [recoded(matrix, outputs, inputs), recoded(data, rows, inputs)] as const;
      await t.operation(
        [rows + 1, outputs],
        BACKEND_FLOORS.linear,
        (backend, pick, out) => backend.linear(pick(input), pick(weight), out, rows),
        (out) => plainLinear(decoded[1], decoded[0], bias, out, rows, [outputs, inputs]),
      );
    }
  },

  "gather copies rows bit for bit, from tables and from weights": async (t) => {
    for (const [tableRows, width] of [
      [1, 1],
      [5, 33],
      [9, 64],
    ] as const) {
      const data = t.numbers(tableRows * width);
      data[0] = -0;
      const indices = Uint32Array.from({ length: 6 }, () => t.integer(0, tableRows - 1));
      const tables = [t.upload([tableRows, width], data)];
      const weights = t.subject.weightFormats.map((format) =>
        t.weight([tableRows, width], data, { format }),
      );
      for (const table of [...tables, ...weights]) {
        t.at(`table [${tableRows}, ${width}]`);
        const out = t.output([9, width]);
        t.both((backend, pick) =>
          backend.gather(pick<never>(table as never), indices, pick(out), 2),
        );
        await t.same(out);
      }
    }
  },

  "similarity agrees with the reference, 0 for zero rows": async (t) => {
    for (const [aRows, bRows, width] of [
      [1, 1, 1],
      [3, 5, 33],
      [7, 2, 64],
      [0, 3, 4],
      [4, 9, 130],
    ] as const) {
      t.at(`[${aRows}, ${width}] and [${bRows}, ${width}]`);
      const [a, b] = [t.numbers(aRows * width), t.numbers(bRows * width)];
      b.fill(0, 0, width);
      const [left, right] = [t.upload([aRows, width], a), t.upload([bRows, width], b)];
      await t.operation(
        [aRows + 1, bRows],
        BACKEND_FLOORS.similarity,
        (backend, pick, out) => backend.similarity(pick(left), pick(right), out, aRows, bRows),
        (out) => plainSimilarity(a, b, out, [aRows, bRows, width]),
      );
    }
  },

  "patchEmbed agrees with the reference": async (t) => {
    for (const [channels, height, width, patch, outputs] of [
      [1, 2, 2, 1, 3],
      [3, 8, 12, 4, 10],
      [3, 7, 10, 3, 5],
      [2, 3, 3, 4, 2],
    ] as const) {
      t.at(`[${channels}, ${height}, ${width}], patch ${patch}`);
      const inputs = channels * patch * patch;
      const pixels = t.numbers(channels * height * width);
      const matrix = t.numbers(outputs * inputs);
      const bias = t.numbers(outputs);
      const picture = t.upload([channels, height, width], pixels);
      const weight = t.weight([outputs, inputs], matrix, { bias });
      const rows = Math.floor(height / patch) * Math.floor(width / patch);
      const cut = patchRows(pixels, [channels, height, width], patch);
      await t.operation(
        [rows + 1, outputs],
        BACKEND_FLOORS.patchEmbed,
        (backend, pick, out) => backend.patchEmbed(pick(picture), pick(weight), patch, out),
        (out) => plainLinear(cut, matrix, bias, out, rows, [outputs, inputs]),
      );
    }
  },

  "sparseRows sums what the map says and copies single sources bit for bit": async (t) => {
    for (const [rowCount, sourceCount, width] of [
      [1, 1, 1],
      [5, 7, 33],
      [6, 3, 64],
      [0, 4, 8],
    ] as const) {
      t.at(`map ${rowCount} x ${sourceCount}, width ${width}`);
      const map = randomMap(t, rowCount, sourceCount);
      const data = t.numbers(sourceCount * width);
      data[0] = -0;
      const input = t.upload([sourceCount, width], data);
      const out = t.output([rowCount + 1, width]);
      t.both((backend, pick) => backend.sparseRows(map, pick(input), pick(out)));
      await t.agrees(out, { plain: null, floor: BACKEND_FLOORS.sparseRows });
      const [got, truth] = await t.readBoth(out);
      for (let row = 0; row < rowCount; row++) {
        if (map.starts[row + 1]! - map.starts[row]! !== 1) continue;
        if (map.weights[map.starts[row]!] !== 1) continue;
        for (let i = row * width; i < (row + 1) * width; i++) {
          t.require(
            Object.is(got[i], truth[i]),
            `copied row ${row} has ${got[i]}, not ${truth[i]}`,
          );
        }
      }
    }
  },
};

/** Every second row copies one source, the others mix up to three or none. */
export function randomMap(t: Trial, rowCount: number, sourceCount: number): SparseRows {
  const starts = new Uint32Array(rowCount + 1);
  const sources: number[] = [];
  const weights: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    const isCopy = row % 2 === 0;
    const count = isCopy ? 1 : t.integer(0, 3);
    for (let i = 0; i < count; i++) {
      sources.push(row === 0 ? 0 : t.integer(0, sourceCount - 1));
      weights.push(isCopy ? 1 : t.random.next() - 0.3);
    }
    starts[row + 1] = sources.length;
  }
  return {
    rowCount,
    sourceCount,
    starts,
    sources: Uint32Array.from(sources),
    weights: Float32Array.from(weights),
  };
}

function recoded(x: Float32Array, rows: number, width: number): Float32Array {
  const blocks = Math.ceil(width / QUANT_BLOCK);
  const codes = new Int8Array(x.length);
  const scales = new Float32Array(rows * blocks);
  for (let r = 0; r < rows; r++) {
    quantizeBlocks(x, r * width, width, codes, r * width, scales, r * blocks);
  }
  return Float32Array.from(codes, (code, i) => {
    const row = Math.floor(i / width);
    return code * scales[row * blocks + Math.floor((i % width) / QUANT_BLOCK)]!;
  });
}
