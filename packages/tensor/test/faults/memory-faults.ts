/** Faults of memory and of the door. */
import { dataOf, type Fault } from "./fault.js";

export const MEMORY_FAULTS: readonly Fault[] = [
  [
    "empty is zeros, upload and read are copies",
    "read lends its memory",
    () => ({
      read: async (source, start = 0, count = source.size - start) =>
        dataOf(source).subarray(start, start + count),
    }),
  ],
  [
    "a read gives what was there when it was asked for",
    "read copies a turn later",
    () => ({
      read: async (source, start = 0, count = source.size - start) => {
        const data = dataOf(source);
        await Promise.resolve();
        return data.slice(start, start + count);
      },
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
