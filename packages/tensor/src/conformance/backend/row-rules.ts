/** Row-wise and pointwise operations agree with the reference, in place too, and touch only the rows they are given. */
import type { ActivationKind, Backend } from "../../backend.js";
import { BACKEND_FLOORS } from "../../ops/table.js";
import type { Tensor } from "../../tensor.js";
import type { Claims } from "./claims.js";
import { plainActivation, plainLayerNorm, plainRmsNorm, plainSoftmax, plainTurn } from "./plain.js";
import type { Pick, Trial, Twin } from "./trial.js";

/** rows, width: empty, one row, odd, not multiples of 4 or 64. */
const EXTENTS = [
  [0, 5],
  [1, 1],
  [1, 64],
  [2, 7],
  [3, 33],
  [5, 100],
  [7, 128],
] as const;

const EPSILON = 1e-5;
const KINDS: readonly ActivationKind[] = ["silu", "gelu", "geluTanh", "quickGelu", "relu"];

export const ROW_RULES: Claims = {
  "rmsNorm agrees with the reference": (t) =>
    eachExtent(t, 2, async (rows, width, data, input) => {
      const gains = t.numbers(width);
      const gain = t.upload([width], gains);
      await t.operation(
        [rows + 1, width],
        BACKEND_FLOORS.rmsNorm,
        (backend, pick, out) => backend.rmsNorm(pick(input), pick(gain), EPSILON, out, rows),
        (out) => plainRmsNorm(data, gains, EPSILON, out, rows),
      );
    }),

  "layerNorm agrees with the reference": (t) =>
    eachExtent(t, 2, async (rows, width, data, input) => {
      const [gains, biases] = [t.numbers(width), t.numbers(width)];
      const [gain, bias] = [t.upload([width], gains), t.upload([width], biases)];
      await t.operation(
        [rows + 1, width],
        BACKEND_FLOORS.layerNorm,
        (backend, pick, out) =>
          backend.layerNorm(pick(input), pick(gain), pick(bias), EPSILON, out, rows),
        (out) => plainLayerNorm(data, gains, biases, EPSILON, out, rows),
      );
    }),

  "rope turns every head of the given rows": async (t) => {
    for (const [rows, headCount, width] of [
      [0, 2, 4],
      [1, 1, 2],
      [3, 2, 6],
      [5, 3, 32],
      [2, 7, 64],
    ] as const) {
      t.at(`${rows} rows of ${headCount} heads of ${width}`);
      const data = t.numbers((rows + 1) * headCount * width);
      const turns = angleRows(t, rows, width);
      const heads = t.upload([rows + 1, headCount * width], data);
      const angles = t.upload([rows, width], turns);
      t.both((backend, pick) => backend.rope(pick(heads), pick(angles), headCount, rows));
      plainTurn(data, turns, headCount, width, rows);
      await t.agrees(heads, { plain: data, floor: BACKEND_FLOORS.rope });
    }
  },

  "activations agree with the reference, at their far ends too": async (t) => {
    for (const kind of KINDS) {
      await eachExtent(t, 3, async (rows, width, data, input) => {
        t.at(`${kind} [${rows}, ${width}]`);
        await t.operation(
          [rows + 1, width],
          BACKEND_FLOORS[kind],
          (backend, pick, out) => backend.activation(kind, pick(input), out, rows),
          (out) => plainActivation(kind, data, out, rows * width),
        );
      });
      t.at(`${kind} far out`);
      const ends = Float32Array.of(-0, 0, -1e-20, -30, 30, -100, 100, -1e4, 1e4, 1e-6, -12);
      const input = t.upload([1, ends.length], ends);
      await t.operation(
        [1, ends.length],
        1e-9,
        (backend, pick, out) => backend.activation(kind, pick(input), out, 1),
        (out) => plainActivation(kind, ends, out, ends.length),
      );
    }
  },

  "add, multiply and scale round once": async (t) => {
    await eachExtent(t, 1, async (rows, width, _, a) => {
      const b = t.upload([rows + 1, width], t.numbers((rows + 1) * width, 100));
      const acts: readonly ((backend: Backend, pick: Pick, out: Tensor) => void)[] = [
        (backend, pick, out) => backend.add(pick(a), pick(b), out, rows),
        (backend, pick, out) => backend.multiply(pick(a), pick(b), out, rows),
        (backend, pick, out) => backend.scale(pick(a), 0.1, out, rows),
      ];
      for (const act of acts) {
        const out = t.output([rows + 2, width]);
        t.both((backend, pick) => act(backend, pick, pick(out)));
        await t.same(out);
      }
    });
  },

  "softCap agrees with the reference": (t) =>
    eachExtent(t, 40, async (rows, width, data, input) => {
      await t.operation(
        [rows + 1, width],
        BACKEND_FLOORS.softCap,
        (backend, pick, out) => backend.softCap(pick(input), 30, out, rows),
        (out) => {
          for (let i = 0; i < rows * width; i++) {
            out[i] = 30 * Math.fround(Math.tanh(Math.fround(data[i]! / 30)));
          }
        },
      );
    }),

  "softmax agrees with the reference, also hidden and far apart": (t) =>
    eachExtent(t, 8, async (rows, width, data, input) => {
      for (let i = 0; i < data.length; i += 5) data[i] = -Infinity;
      data.fill(-Infinity, (rows - 1) * width, rows * width);
      if (data.length > 0) t.both((backend, pick) => backend.write(pick(input), data));
      await t.operation(
        [rows + 1, width],
        BACKEND_FLOORS.softmax,
        (backend, pick, out) => backend.softmax(pick(input), out, rows),
        (out) => plainSoftmax(data, out, rows, width),
      );
    }),

  "argmax and topk break ties downwards and rank NaN last": (t) =>
    eachExtent(t, 1, async (rows, width, data, input) => {
      const choices = [Number.NaN, -Infinity, -0, 0, 1, 2];
      for (let i = 0; i < data.length; i++) data[i] = choices[t.integer(0, 5)]!;
      t.both((backend, pick) => backend.write(pick(input), data));
      const best = t.output([rows + 1, 1], "int32");
      t.both((backend, pick) => backend.argmax(pick(input), pick(best), rows));
      await t.same(best);
      for (const k of new Set([0, 1, Math.ceil(width / 2), width])) {
        t.at(`[${rows}, ${width}], k ${k}`);
        const indices = t.output([rows + 1, k], "int32");
        const values = t.output([rows + 1, k]);
        t.both((backend, pick) => backend.topk(pick(input), k, pick(indices), pick(values), rows));
        await t.same(indices);
        await t.same(values);
      }
    }),

  "row-wise and pointwise operations may write over their input": (t) =>
    eachExtent(t, 1, async (rows, width) => {
      const ones = t.upload([width], new Float32Array(width).fill(1));
      const acts: Readonly<Record<string, (backend: Backend, pick: Pick, x: Tensor) => void>> = {
        add: (backend, _, x) => backend.add(x, x, x, rows),
        multiply: (backend, _, x) => backend.multiply(x, x, x, rows),
        scale: (backend, _, x) => backend.scale(x, 3, x, rows),
        softCap: (backend, _, x) => backend.softCap(x, 3, x, rows),
        softmax: (backend, _, x) => backend.softmax(x, x, rows),
        silu: (backend, _, x) => backend.activation("silu", x, x, rows),
        rmsNorm: (backend, pick, x) => backend.rmsNorm(x, pick(ones), EPSILON, x, rows),
        layerNorm: (backend, pick, x) =>
          backend.layerNorm(x, pick(ones), pick(ones), EPSILON, x, rows),
      };
      for (const [name, act] of Object.entries(acts)) {
        t.at(`${name} [${rows}, ${width}]`);
        const x = t.upload([rows + 1, width], t.numbers((rows + 1) * width));
        t.both((backend, pick) => act(backend, pick, pick(x)));
        await t.agrees(x, { plain: null, floor: 4 * BACKEND_FLOORS.layerNorm });
      }
    }),
};

/** Rows of cosines and sines. */
export function angleRows(t: Trial, rows: number, width: number): Float32Array {
  const half = width / 2;
  const turns = Float32Array.from({ length: rows * half }, () => 7 * t.random.next());
  const angles = new Float32Array(rows * width);
  for (let i = 0; i < turns.length; i++) {
    const at = Math.floor(i / half) * width + (i % half);
    angles[at] = Math.cos(turns[i]!);
    angles[at + half] = Math.sin(turns[i]!);
  }
  return angles;
}

async function eachExtent(
  t: Trial,
  spread: number,
  visit: (rows: number, width: number, data: Float32Array, input: Twin<Tensor>) => Promise<void>,
): Promise<void> {
  for (const [rows, width] of EXTENTS) {
    t.at(`[${rows}, ${width}]`);
    const data = t.numbers((rows + 1) * width, spread);
    await visit(rows, width, data, t.upload([rows + 1, width], data));
  }
}
