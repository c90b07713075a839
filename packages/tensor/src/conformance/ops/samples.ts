/** Arguments for every primitive: empty, one row, odd widths; each as a function of one matrix. */
import type { Ops } from "../../ops/types.js";
import { normal } from "../../random.js";
import { floats } from "../../tensor.js";
import type { Floats, Random, SparseRows } from "../../types.js";

export interface Sample {
  readonly label: string;
  readonly x: Floats;
  /** False where the primitive's law of linearity does not hold for these arguments (a maximum). */
  readonly isLinear?: boolean;
  apply(ops: Ops, x: Floats): ArrayLike<number>;
}

export type OpName = Exclude<keyof Ops, "name">;

const EXTENTS = [
  [1, 1],
  [3, 33],
  [5, 64],
  [8, 7],
  [2, 130],
] as const;

export function matrix(random: Random, rows: number, width: number, spread = 1): Floats {
  const data = Float32Array.from({ length: rows * width }, () => spread * normal(random));
  return floats([rows, width], data);
}

const each = (
  random: Random,
  make: (x: Floats, rows: number, width: number) => Omit<Sample, "x" | "label">,
  extents: readonly (readonly [number, number])[] = [[0, 5], ...EXTENTS],
): Sample[] =>
  extents.map(([rows, width]) => {
    const x = matrix(random, rows, width, 2);
    return { label: `[${rows}, ${width}]`, x, ...make(x, rows, width) };
  });

const below = (random: Random, limit: number) => Math.floor(random.next() * limit);

export const SAMPLES: Readonly<Record<OpName, (random: Random) => readonly Sample[]>> = {
  matmul: (random) =>
    each(random, (_, __, width) => {
      const b = matrix(random, width, 9);
      return { apply: (ops, x) => ops.matmul(x, b).data };
    }),
  rowDot: (random) =>
    each(random, (_, __, width) => {
      const b = matrix(random, 4, width);
      return {
        apply: (ops, x) =>
          Float32Array.from({ length: 4 * x.dims[0]! }, (_i, i) =>
            ops.rowDot(x, Math.floor(i / 4), b, i % 4),
          ),
      };
    }),
  rowNorms: (random) => each(random, () => ({ apply: (ops, x) => ops.rowNorms(x) })),
  unitRows: (random) => each(random, () => ({ apply: (ops, x) => ops.unitRows(x).data })),
  similarity: (random) =>
    each(random, (_, __, width) => {
      const b = matrix(random, 6, width);
      b.data.fill(0, 0, width);
      return { apply: (ops, x) => ops.similarity(x, b).data };
    }),
  softmaxRows: (random) => each(random, () => ({ apply: (ops, x) => ops.softmaxRows(x).data })),
  logSumExpRows: (random) => each(random, () => ({ apply: (ops, x) => ops.logSumExpRows(x) })),
  topk: (random) =>
    each(
      random,
      (x) => {
        const k = Math.ceil(x.data.length / 3);
        return { apply: (ops, scores) => ops.topk(scores.data, k) };
      },
      EXTENTS,
    ),
  argmax: (random) =>
    each(random, () => ({ apply: (ops, x) => Uint32Array.of(ops.argmax(x.data)) }), EXTENTS),
  gatherRows: (random) =>
    each(
      random,
      (_, rows) => {
        const indices = Uint32Array.from({ length: 7 }, () => below(random, rows));
        return { apply: (ops, x) => ops.gatherRows(x, indices).data };
      },
      EXTENTS,
    ),
  scatterMean: (random) =>
    each(random, (_, rows) => {
      const targets = Uint32Array.from({ length: rows }, () => below(random, 4));
      return { apply: (ops, x) => ops.scatterMean(x, targets, 4).data };
    }),
  sumRows: (random) => each(random, () => ({ apply: (ops, x) => ops.sumRows(x) })),
  pool1d: (random) =>
    [
      { kind: "avg", size: 3 },
      { kind: "max", size: 5 },
      { kind: "avg", size: 4, stride: 3, padding: 1 },
      { kind: "max", size: 2, stride: 2, padding: 0 },
    ].flatMap((pooling) =>
      each(random, () => ({
        isLinear: pooling.kind === "avg",
        apply: (ops, x) => ops.pool1d(x, pooling as { kind: "avg"; size: number }).data,
      })).map((sample) => ({ ...sample, label: `${pooling.kind} ${sample.label}` })),
    ),
  sparseRows: (random) =>
    each(random, (_, rows) => {
      const map = mapOver(random, rows);
      return { apply: (ops, x) => ops.sparseRows(map, x).data };
    }),
};

/** Five rows of up to three sources. */
function mapOver(random: Random, sourceCount: number): SparseRows {
  const starts = new Uint32Array(6);
  const sources: number[] = [];
  for (let row = 0; row < 5; row++) {
    const count = sourceCount === 0 ? 0 : below(random, 4);
    for (let i = 0; i < count; i++) sources.push(below(random, sourceCount));
    starts[row + 1] = sources.length;
  }
  return {
    rowCount: 5,
    sourceCount,
    starts,
    sources: Uint32Array.from(sources),
    weights: Float32Array.from(sources, () => normal(random)),
  };
}
