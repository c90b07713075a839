/** The kit must reject what is wrong: one fault each, and the rule that is there to find it. */
import { describe, expect, test } from "vitest";
import type { Backend } from "../backend.js";
import { type ConformanceError, FrugalError } from "../errors/index.js";
import type { KvMemory, KvRun } from "../kv/types.js";
import { referenceBackend } from "../reference/index.js";
import type { Tensor } from "../tensor.js";
import { backendRules } from "./index.js";

type Fault = readonly [rule: string, what: string, breakIt: (right: Backend) => Partial<Backend>];

const dataOf = (tensor: Tensor): Float32Array => tensor.data as Float32Array;

/** Runs the right operation, then spoils its output. */
const spoilt =
  <A extends unknown[]>(right: (...call: A) => void, spoil: (...call: A) => void) =>
  (...call: A): void => {
    right(...call);
    spoil(...call);
  };

const nudge = (out: Tensor, index = 0, by = 1e-4): void => {
  if (out.size > index) dataOf(out)[index]! += by;
};

/** Moves every number by its last bit. */
const lastBits = (out: Tensor, count = out.size): void => {
  for (let i = 0; i < count; i++) dataOf(out)[i]! *= 1 + 2 ** -23;
};

function memory(right: Backend, change: (kv: KvMemory) => Partial<KvMemory>): Partial<Backend> {
  return { kv: { ...right.kv, ...change(right.kv) } };
}

/** A run whose methods can be replaced, the rest passed on to the right one. */
function changedRun(run: KvRun, change: Partial<KvRun>): KvRun {
  return new Proxy(run, {
    get(target, name) {
      if (name in change) return change[name as keyof KvRun];
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const FAULTS: readonly Fault[] = [
  [
    "empty is zeros, upload and read are copies",
    "read lends its memory",
    () => ({
      read: async (source, start = 0, count = source.size - start) =>
        dataOf(source).subarray(start, start + count),
    }),
  ],
  [
    "float16 becomes float32 exactly",
    "subnormals are flushed",
    (right) => ({
      upload(source) {
        const tensor = right.upload(source);
        const data = dataOf(tensor);
        data.forEach((x, i) => {
          if (Math.abs(x) < 2 ** -14) data[i] = 0;
        });
        return tensor;
      },
    }),
  ],
  [
    "every byte is counted and comes back",
    "weights are not counted",
    (right) => {
      let weights = 0;
      return {
        weight(...call) {
          const weight = right.weight(...call);
          weights += weight.byteLength;
          return weight;
        },
        report: () => {
          const report = right.report();
          return { ...report, allocatedBytes: Math.max(0, report.allocatedBytes - weights) };
        },
      };
    },
  ],
  [
    "says what it is",
    "no name for the path",
    (right) => ({ report: () => ({ ...right.report(), path: "" }) }),
  ],
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
    "attention agrees with the reference on every mask and storage",
    "no window",
    (right) => ({
      attention({ mask, ...call }, output) {
        const { window: _, ...open } = mask;
        right.attention({ ...call, mask: open }, output);
      },
    }),
  ],
  [
    "attention agrees with the reference on every mask and storage",
    "no soft cap",
    (right) => ({
      attention: (call, output) => right.attention({ ...call, softCap: 0 }, output),
    }),
  ],
  [
    "attention agrees with the reference on every mask and storage",
    "chosen slots are ignored",
    (right) => ({
      attention({ mask, ...call }, output) {
        const { slots: _, ...open } = mask;
        right.attention({ ...call, mask: open }, output);
      },
    }),
  ],
  [
    "attention agrees with the reference on every mask and storage",
    "a tree is taken for a chain",
    (right) => ({
      attention({ mask, ...call }, output) {
        const kind = mask.kind === "tree" ? "causal" : mask.kind;
        right.attention({ ...call, mask: { ...mask, kind } }, output);
      },
    }),
  ],
  [
    "attention agrees with the reference on every mask and storage",
    "a log-sum-exp without its maximum",
    (right) => ({
      attention: spoilt(right.attention, (_, { logSumExp }) => {
        if (logSumExp) nudge(logSumExp, 0, 1e-3);
      }),
    }),
  ],
  [
    "taps show what attention saw",
    "hidden logits are 0",
    (right) => ({
      attentionTap: spoilt(right.attentionTap, (_, { want, out }) => {
        dataOf(out).forEach((x, i) => {
          if (want === "logits" && x === -Infinity) dataOf(out)[i] = 0;
        });
      }),
    }),
  ],
  [
    "taps show what attention saw",
    "column maxima are sums",
    (right) => ({
      attentionTap: (call, { want, out }) =>
        right.attentionTap(call, { want: want === "columnMax" ? "columnSum" : want, out }),
    }),
  ],
  [
    "a run reads back what was appended, coded as the reference codes",
    "keys and values are mixed up",
    (right) =>
      memory(right, (kv) => ({
        append: (call) => kv.append({ ...call, keys: call.values, values: call.keys }),
      })),
  ],
  [
    "appending spreads heads over their runs",
    "the first row is ignored",
    (right) => memory(right, (kv) => ({ append: (call) => kv.append({ ...call, firstRow: 0 }) })),
  ],
  [
    "a history of forks, cuts, moves and gathers reads as on the reference",
    "gather takes the neighbour",
    (right) =>
      memory(right, (kv) => ({
        gather(sources, plan, format) {
          const keysFrom = {
            ...plan.keysFrom,
            sources: plan.keysFrom.sources.map((s) => Math.max(0, s - 1)),
          };
          return kv.gather(sources, { ...plan, keysFrom }, format);
        },
      })),
  ],
  [
    "rotate turns keys alone, and leaves still ones bit for bit",
    "positions stay",
    (right) =>
      memory(right, (kv) => ({
        create: (spec) => {
          const run = kv.create(spec);
          const rotate = (angles: Float32Array) => run.rotate(angles, run.positions.slice());
          return changedRun(run, { rotate });
        },
        append: kv.append,
      })),
  ],
  [
    "gather mixes sources and changes formats",
    "log weights are lost",
    (right) =>
      memory(right, (kv) => ({
        gather: (sources, plan, format) =>
          kv.gather(sources, { ...plan, logWeights: null }, format),
      })),
  ],
  [
    "shared pages count once and cost nothing until someone writes",
    "bytes are one page short",
    (right) => memory(right, (kv) => ({ byteLength: () => Math.max(0, kv.byteLength() - 1) })),
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
  [
    "a row of attention has the same bits in any chunk",
    "single rows take another path",
    (right) => ({
      attention: spoilt(right.attention, ({ rows }, { out }) => {
        if (rows === 1) lastBits(out);
      }),
    }),
  ],
  [
    "a path of a tree has the bits of the same tokens in a row",
    "trees take another path",
    (right) => ({
      attention: spoilt(right.attention, ({ mask }, { out }) => {
        if (mask.kind === "tree") lastBits(out);
      }),
    }),
  ],
  [
    "tensors that are disposed, foreign, strided or of another extent are refused",
    "foreign tensors are taken",
    (right) => ({
      add(a, b, out, rows) {
        if (a.isDisposed || a.type !== "float32" || !a.isContiguous || a.dims[1] !== b.dims[1]) {
          right.add(a, b, out, rows);
        }
      },
    }),
  ],
  [
    "arguments that do not fit are refused by class",
    "half rows are rounded",
    (right) => ({ add: (a, b, out, rows) => right.add(a, b, out, Math.round(rows)) }),
  ],
  [
    "arguments that do not fit are refused by class",
    "a bare error",
    (right) => ({
      gather(table, indices, out, outRow) {
        if (indices.some((i) => i < 0)) throw new RangeError("index");
        right.gather(table, indices, out, outRow);
      },
    }),
  ],
  [
    "views share their tensor's memory and keep it alive",
    "bytes leave with the first handle",
    (right) => {
      let gone = 0;
      return {
        upload(source) {
          const tensor = right.upload(source);
          const dispose = tensor.dispose.bind(tensor);
          tensor.dispose = () => {
            if (!tensor.isDisposed) gone += 1;
            dispose();
          };
          return tensor;
        },
        report: () => {
          const report = right.report();
          return { ...report, allocatedBytes: Math.max(0, report.allocatedBytes - gone) };
        },
      };
    },
  ],
];

describe("a back end with one fault is rejected", () => {
  test.each(FAULTS)("%s: %s", async (name, _, breakIt) => {
    const rules = backendRules(() => {
      const right = referenceBackend();
      return { ...right, name: "wrong", ...breakIt(right) };
    });
    const rule = rules.find((each) => each.name === name);
    expect(rule, "no such rule").toBeDefined();
    const failure = await rule!.check().then(
      () => null,
      (error: unknown) => error,
    );
    expect(FrugalError.is(failure, "ConformanceError")).toBe(true);
    const { message, rule: broken } = failure as ConformanceError;
    expect(broken).toBe(name);
    expect(message).toContain("wrong: breaks");
    expect(message, "found by comparing, not by accident").not.toContain("; threw");
  });

  test("every rule of the kit has a fault that it finds", () => {
    const names = backendRules(() => referenceBackend()).map(({ name }) => name);
    expect(new Set(FAULTS.map(([rule]) => rule))).toEqual(new Set(names));
  });
});
