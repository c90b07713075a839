/**
 * What each law of the table asks.
 *
 * Units    laws that hold up to rounding are tested to 1e-5 of the largest number in hand
 */
import { referenceOps } from "../../ops/reference.js";
import type { Law } from "../../ops/table.js";
import type { Ops } from "../../ops/types.js";
import { floats } from "../../tensor.js";
import type { Floats, Random } from "../../types.js";
import { bitDifference } from "../compare.js";
import { matrix, type Sample } from "./samples.js";

const ROUNDING = 1e-5;

interface Ground {
  readonly ops: Ops;
  readonly sample: Sample;
  readonly random: Random;
}

/** What is wrong, or null. */
export const LAWS: Readonly<Record<Law, (ground: Ground) => string | null>> = {
  linear({ ops, sample, random }) {
    if (sample.isLinear === false) return null;
    const { x } = sample;
    const y = matrix(random, x.dims[0]!, x.dims[1]!);
    const sum = mapped(x, (value, i) => value + y.data[i]!);
    const parts = [sample.apply(ops, x), sample.apply(ops, y)] as const;
    const wanted = Array.from(parts[0], (value, i) => value + parts[1][i]!);
    return far(
      sample.apply(ops, sum),
      wanted,
      Math.max(...largest(parts[0]), ...largest(parts[1])),
    );
  },

  homogeneous: ({ ops, sample }) =>
    bitDifference(
      sample.apply(
        ops,
        mapped(sample.x, (value) => 2 * value),
      ),
      Array.from(sample.apply(ops, sample.x), (value) => 2 * value),
    ),

  scaleInvariant: ({ ops, sample }) =>
    far(
      sample.apply(
        ops,
        mapped(sample.x, (value) => 2 * value),
      ),
      sample.apply(ops, sample.x),
    ),

  shiftInvariant: ({ ops, sample }) =>
    far(
      sample.apply(
        ops,
        mapped(sample.x, (value) => value + 4),
      ),
      sample.apply(ops, sample.x),
    ),

  rowwise({ ops, sample, random }) {
    const { x } = sample;
    const rows = x.dims[0]!;
    const order = shuffled(rows, random);
    const straight = sample.apply(ops, x);
    const width = straight.length / Math.max(1, rows);
    const wanted = order.flatMap((r) =>
      Array.from({ length: width }, (_, c) => straight[r * width + c]!),
    );
    return bitDifference(sample.apply(ops, reordered(x, order)), wanted);
  },

  orderFree({ ops, sample, random }) {
    const order = shuffled(sample.x.dims[0]!, random);
    return far(sample.apply(ops, reordered(sample.x, order)), sample.apply(ops, sample.x));
  },

  idempotent({ ops, sample }) {
    const once = Float32Array.from(sample.apply(ops, sample.x));
    return far(sample.apply(ops, floats(sample.x.dims, once)), once);
  },

  sumsToOne({ ops, sample }) {
    const [rows, width] = sample.x.dims as [number, number];
    const out = sample.apply(ops, sample.x);
    const sums = Array.from({ length: rows }, (_, r) => {
      let sum = 0;
      for (let c = 0; c < width; c++) sum += out[r * width + c]!;
      return sum;
    });
    return far(sums, new Array<number>(rows).fill(1));
  },

  bounded({ ops, sample }) {
    const out = Array.from(sample.apply(ops, sample.x));
    const index = out.findIndex((value) => !(Math.abs(value) <= 1 + ROUNDING));
    return index < 0 ? null : `at ${index}: ${out[index]} lies outside -1..1`;
  },

  copies({ ops, sample }) {
    const x = mapped(sample.x, (value, i) => [-0, Number.NaN, -Infinity][i] ?? value);
    return bitDifference(sample.apply(ops, x), sample.apply(referenceOps, x));
  },

  ranks({ ops, sample, random }) {
    const values = [Number.NaN, -Infinity, -0, 0, 1, 2, Infinity];
    for (let round = 0; round < 20; round++) {
      const x = mapped(sample.x, () => values[Math.floor(random.next() * values.length)]!);
      const wrong = bitDifference(sample.apply(ops, x), sample.apply(referenceOps, x));
      if (wrong !== null) return `${wrong} of ${[...x.data].slice(0, 12).join(", ")}`;
    }
    return null;
  },
};

function mapped(x: Floats, change: (value: number, index: number) => number): Floats {
  return floats(x.dims, x.data.map(change));
}

function reordered(x: Floats, order: readonly number[]): Floats {
  const width = x.dims[1]!;
  return mapped(x, (_, i) => x.data[order[Math.floor(i / width)]! * width + (i % width)]!);
}

function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random.next() * (i + 1));
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

function largest(numbers: ArrayLike<number>): [number] {
  let most = 0;
  for (let i = 0; i < numbers.length; i++) most = Math.max(most, Math.abs(numbers[i]!));
  return [most];
}

function far(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
  scale = largest(wanted)[0],
): string | null {
  if (got.length !== wanted.length) return `${got.length} numbers instead of ${wanted.length}`;
  const bound = ROUNDING * Math.max(scale, 1e-30);
  for (let i = 0; i < wanted.length; i++) {
    if (!(Math.abs(got[i]! - wanted[i]!) <= bound)) {
      return `at ${i}: ${got[i]} instead of ${wanted[i]}, bound ${bound}`;
    }
  }
  return null;
}
