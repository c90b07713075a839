/** What the door rules knock with: live things of the back end under test, and some that are not. */
import type { AttentionCall, Backend, Weight } from "../../backend.js";
import type { KvRun } from "../../kv/types.js";
import { floats, type Tensor } from "../../tensor.js";
import type { Trial } from "./trial.js";

export interface Doorway {
  readonly b: Backend;
  /** [4, 6], [4, 6], [4, 6] */
  readonly x: Tensor;
  readonly y: Tensor;
  readonly out: Tensor;
  /** [4, 5], [6], [5] */
  readonly narrow: Tensor;
  readonly gain: Tensor;
  readonly short: Tensor;
  readonly integers: Tensor;
  readonly disposed: Tensor;
  readonly foreign: Tensor;
  readonly strided: Tensor;
  /** [6, 6] */
  readonly weight: Weight;
  readonly disposedWeight: Weight;
  readonly foreignWeight: Weight;
  /** Width 6, 4 slots. */
  readonly run: KvRun;
  readonly foreignRun: KvRun;
  readonly call: AttentionCall;
}

/** The reference of the trial serves as the other back end. */
export function doorway(t: Trial): Doorway {
  const b = t.subject;
  const matrix = (back: Backend, dims: readonly number[]) =>
    t.own(back.upload(floats(dims, t.numbers(dims.reduce((p, d) => p * d, 1)))));
  const run = t.own(b.kv.create({ headWidth: 6, format: "f32" }));
  const foreignRun = t.own(t.truth.kv.create({ headWidth: 6, format: "f32" }));
  const x = matrix(b, [4, 6]);
  const y = matrix(b, [4, 6]);
  const append = { keys: x, values: y, firstRow: 0, rows: 4, positions: new Int32Array(4) };
  b.kv.append({ ...append, runs: [run] });
  const disposed = matrix(b, [4, 6]);
  disposed.dispose();
  const square = floats([6, 6], t.numbers(36));
  const weight = t.own(b.weight(square));
  const disposedWeight = b.weight(square);
  disposedWeight.dispose();
  return {
    b,
    x,
    y,
    out: t.output([4, 6]).subject,
    narrow: matrix(b, [4, 5]),
    gain: matrix(b, [6]),
    short: matrix(b, [5]),
    integers: t.own(b.empty([4, 6], "int32")),
    disposed,
    foreign: matrix(t.truth, [4, 6]),
    strided: t.own(matrix(b, [6, 4]).permute([1, 0])),
    weight,
    disposedWeight,
    foreignWeight: t.own(t.truth.weight(square)),
    run,
    foreignRun,
    call: {
      query: x,
      firstRow: 0,
      rows: 4,
      headCount: 1,
      headWidth: 6,
      source: { kind: "runs", runs: [[run]] },
      mask: { kind: "none" },
      scale: 1,
    },
  };
}
