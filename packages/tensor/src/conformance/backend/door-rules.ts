/** What does not fit is refused by class, before anything is written. */
import { type ErrorCode, FrugalError } from "../../errors/index.js";
import { keepRows } from "../../sparse-rows.js";
import type { Tensor } from "../../tensor.js";
import type { Claims } from "./claims.js";
import { type Doorway, doorway } from "./doorway.js";
import { appendOf, REFUSALS } from "./refusals.js";
import { type Trial, UNTOUCHED } from "./trial.js";

const BAD_TENSORS: readonly (readonly [keyof Doorway, ErrorCode])[] = [
  ["disposed", "StateError"],
  ["foreign", "StateError"],
  ["strided", "StateError"],
  ["narrow", "ShapeError"],
  ["integers", "DtypeError"],
];

/** Each operation with a hole for a tensor that should be [4, 6]. */
const HOLES: readonly (readonly [string, (d: Doorway, hole: Tensor) => unknown])[] = [
  ["linear input", ({ b, weight, out }, hole) => b.linear(hole, weight, out, 4)],
  ["linear out", ({ b, weight, x }, hole) => b.linear(x, weight, hole, 4)],
  ["gather out", ({ b, weight }, hole) => b.gather(weight, Uint32Array.of(1), hole)],
  ["rmsNorm input", ({ b, gain, out }, hole) => b.rmsNorm(hole, gain, 1e-5, out, 4)],
  ["rmsNorm out", ({ b, gain, x }, hole) => b.rmsNorm(x, gain, 1e-5, hole, 4)],
  ["layerNorm input", ({ b, gain, out }, hole) => b.layerNorm(hole, gain, gain, 1e-5, out, 4)],
  ["rope heads", ({ b, x }, hole) => b.rope(hole, x, 1, 4)],
  ["activation input", ({ b, out }, hole) => b.activation("silu", hole, out, 4)],
  ["add a", ({ b, y, out }, hole) => b.add(hole, y, out, 4)],
  ["add b", ({ b, x, out }, hole) => b.add(x, hole, out, 4)],
  ["multiply out", ({ b, x, y }, hole) => b.multiply(x, y, hole, 4)],
  ["scale input", ({ b, out }, hole) => b.scale(hole, 2, out, 4)],
  ["softCap input", ({ b, out }, hole) => b.softCap(hole, 2, out, 4)],
  ["softmax out", ({ b, x }, hole) => b.softmax(x, hole, 4)],
  ["sparseRows out", ({ b, x }, hole) => b.sparseRows(keepRows([0, 1], 4), x, hole)],
  ["attention query", ({ b, call, out }, hole) => b.attention({ ...call, query: hole }, { out })],
  ["attention out", ({ b, call }, hole) => b.attention(call, { out: hole })],
  ["append keys", (d, hole) => d.b.kv.append({ ...appendOf(d), keys: hole })],
  ["append values", (d, hole) => d.b.kv.append({ ...appendOf(d), values: hole })],
];

export const DOOR_RULES: Claims = {
  "tensors that are disposed, foreign, strided or of another extent are refused": async (t) => {
    const d = doorway(t);
    for (const [name, act] of HOLES) {
      for (const [kind, code] of BAD_TENSORS) {
        await refuses(t, `${name}: ${kind}`, code, () => act(d, d[kind] as Tensor));
      }
    }
    await untouched(t, d);
  },

  "arguments that do not fit are refused by class": async (t) => {
    const d = doorway(t);
    for (const [what, code, act] of REFUSALS) await refuses(t, what, code, () => act(d));
    await untouched(t, d);
  },
};

async function refuses(t: Trial, what: string, code: ErrorCode, act: () => unknown): Promise<void> {
  t.at(what);
  let thrown: unknown = "nothing";
  try {
    await act();
  } catch (error) {
    thrown = error;
  }
  if (!FrugalError.is(thrown, code)) {
    t.fail(`a ${code} was due, it threw ${thrown instanceof Error ? thrown : String(thrown)}`);
  }
}

async function untouched(t: Trial, { b, out, run }: Doorway): Promise<void> {
  t.at("after all refusals");
  const data = await b.read(out);
  t.require(
    data.every((x) => x === UNTOUCHED),
    "a refused call wrote to its output",
  );
  t.require(run.length === 4, `a refused append left ${run.length} slots`);
}
