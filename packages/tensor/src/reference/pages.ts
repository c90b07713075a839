/**
 * Cache pages in host memory.
 *
 * Shapes   f32: keys and values [32, D]; int8: codes [32, D] and a scale [32] each; log weights [32]
 * Units    int8 as `quantize.ts` defines it, one scale a vector; decoded = f32(scale * code)
 * Order    a turned int8 key is decoded, turned in f64, rounded to f32 and coded anew
 * Errors   none in here: `pagedKv` has checked; DeviceError from the arena
 */
import type { KvRunSpec, PageDriver } from "../kv/types.js";
import { PAGE_SLOTS } from "../kv/types.js";
import { quantizeVector } from "../quantize.js";
import type { Tensor } from "../tensor.js";
import type { Arena } from "./arena.js";
import { turn } from "./rope.js";

/** One kind of vector of a page; scales are null in f32. */
interface Plane {
  readonly vectors: Float32Array | Int8Array;
  readonly scales: Float32Array | null;
}

export interface ReferencePage {
  readonly key: Plane;
  readonly value: Plane;
  readonly logWeights: Float32Array;
}

export function pageDriver(arena: Arena): PageDriver<ReferencePage> {
  const plane = ({ headWidth, format }: KvRunSpec): Plane =>
    format === "f32"
      ? { vectors: arena.allocate(Float32Array, PAGE_SLOTS * headWidth), scales: null }
      : {
          vectors: arena.allocate(Int8Array, PAGE_SLOTS * headWidth),
          scales: arena.allocate(Float32Array, PAGE_SLOTS),
        };

  const encode = (
    page: ReferencePage,
    slot: number,
    count: number,
    keys: Float32Array,
    values: Float32Array,
    offset: number,
    stride: number,
    width: number,
  ): void => {
    for (let r = 0; r < count; r++) {
      encodeVector(page.key, slot + r, keys, offset + r * stride, width);
      encodeVector(page.value, slot + r, values, offset + r * stride, width);
    }
    page.logWeights.fill(0, slot, slot + count);
  };

  return {
    formats: ["f32", "int8"],

    allocate: (spec) => ({
      key: plane(spec),
      value: plane(spec),
      logWeights: arena.allocate(Float32Array, PAGE_SLOTS),
    }),

    release: (_, spec) => arena.free(bytesOf(spec)),

    pageBytes: bytesOf,

    copySlots(from, fromSlot, to, toSlot, count, { headWidth }) {
      for (const kind of ["key", "value"] as const) {
        const [source, target] = [from[kind], to[kind]];
        copy(source.vectors, target.vectors, fromSlot, toSlot, count, headWidth);
        if (source.scales && target.scales) {
          copy(source.scales, target.scales, fromSlot, toSlot, count, 1);
        }
      }
      copy(from.logWeights, to.logWeights, fromSlot, toSlot, count, 1);
    },

    writeRows(page, slot, count, keys, values, offset, stride, { headWidth }) {
      const [k, v] = [dataOf(keys), dataOf(values)];
      encode(page, slot, count, k, v, offset, stride, headWidth);
    },

    encode: (page, slot, count, keys, values, { headWidth }) =>
      encode(page, slot, count, keys, values, 0, headWidth, headWidth),

    setLogWeights: (page, slot, weights) => page.logWeights.set(weights, slot),

    rotate({ key }, slot, count, angles, { headWidth }) {
      const vector = new Float32Array(headWidth);
      for (let r = 0; r < count; r++) {
        decodeVector(key, slot + r, vector, 0, headWidth);
        turn(vector, 0, angles, r * headWidth, headWidth / 2);
        encodeVector(key, slot + r, vector, 0, headWidth);
      }
    },

    decode(page, slot, count, kind, out, at, { headWidth }) {
      for (let r = 0; r < count; r++) {
        decodeVector(page[kind], slot + r, out, at + r * headWidth, headWidth);
      }
    },
  };
}

function bytesOf({ headWidth, format }: KvRunSpec): number {
  const vector = format === "f32" ? 4 * headWidth : headWidth + 4;
  return PAGE_SLOTS * (2 * vector + 4);
}

function encodeVector(
  { vectors, scales }: Plane,
  slot: number,
  source: Float32Array,
  at: number,
  width: number,
): void {
  if (scales !== null && vectors instanceof Int8Array) {
    scales[slot] = quantizeVector(source, at, width, vectors, slot * width);
  } else {
    vectors.set(source.subarray(at, at + width), slot * width);
  }
}

function decodeVector(
  { vectors, scales }: Plane,
  slot: number,
  out: Float32Array,
  at: number,
  width: number,
): void {
  const scale = scales?.[slot] ?? 1;
  for (let d = 0; d < width; d++) out[at + d] = scale * vectors[slot * width + d]!;
}

function copy(
  from: Float32Array | Int8Array,
  to: Float32Array | Int8Array,
  fromSlot: number,
  toSlot: number,
  count: number,
  width: number,
): void {
  to.set(from.subarray(fromSlot * width, (fromSlot + count) * width), toSlot * width);
}

const dataOf = (tensor: Tensor): Float32Array => tensor.data as Float32Array;
