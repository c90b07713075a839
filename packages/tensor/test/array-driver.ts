/** A page driver over plain arrays that checks what it is asked: the memory of the paged tests. */
import type { KvRunSpec, PageDriver } from "../src/kv/types.js";
import { PAGE_SLOTS } from "../src/kv/types.js";
import type { Tensor } from "../src/tensor.js";

export interface ArrayPage {
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly logWeights: Float32Array;
  readonly spec: KvRunSpec;
  live: boolean;
}

export interface ArrayDriver extends PageDriver<ArrayPage> {
  readonly counts: { pages: number; copies: number; failAfter: number };
}

/** `int8` here is a format that rounds to whole numbers, so that coding twice is seen. */
export function arrayDriver(): ArrayDriver {
  const counts = { pages: 0, copies: 0, failAfter: Number.POSITIVE_INFINITY };
  const stored = (value: number, spec: KvRunSpec) =>
    spec.format === "int8" ? Math.round(value) : value;

  const inPage = (page: ArrayPage, slot: number, count: number, spec: KvRunSpec): void => {
    if (!page.live) throw new RangeError("page used after release");
    if (page.spec.format !== spec.format) throw new RangeError("page of another format");
    if (!(slot >= 0 && count > 0 && slot + count <= PAGE_SLOTS)) {
      throw new RangeError(`slots ${slot} + ${count}`);
    }
  };

  return {
    counts,
    formats: ["f32", "int8"],
    allocate(spec) {
      if (counts.failAfter-- <= 0) throw new RangeError("out of memory");
      counts.pages++;
      const page = () => new Float32Array(PAGE_SLOTS * spec.headWidth).fill(Number.NaN);
      const logWeights = new Float32Array(PAGE_SLOTS).fill(Number.NaN);
      return { keys: page(), values: page(), logWeights, spec, live: true };
    },
    release(page) {
      if (!page.live) throw new RangeError("page released twice");
      page.live = false;
      counts.pages--;
    },
    pageBytes: (spec) => PAGE_SLOTS * (spec.format === "f32" ? 8 : 2) * spec.headWidth,
    copySlots(from, fromSlot, to, toSlot, count, spec) {
      inPage(from, fromSlot, count, spec);
      inPage(to, toSlot, count, spec);
      if (from === to && toSlot > fromSlot) throw new RangeError("copied upwards");
      counts.copies += count;
      const width = spec.headWidth;
      for (const plane of ["keys", "values"] as const) {
        const source = from[plane].subarray(fromSlot * width, (fromSlot + count) * width);
        to[plane].set(source, toSlot * width);
      }
      to.logWeights.set(from.logWeights.subarray(fromSlot, fromSlot + count), toSlot);
    },
    writeRows(page, slot, count, keys, values, offset, stride, spec) {
      inPage(page, slot, count, spec);
      for (let r = 0; r < count; r++) {
        for (let d = 0; d < spec.headWidth; d++) {
          const at = (slot + r) * spec.headWidth + d;
          page.keys[at] = stored(element(keys, offset + r * stride + d), spec);
          page.values[at] = stored(element(values, offset + r * stride + d), spec);
        }
        page.logWeights[slot + r] = 0;
      }
    },
    encode(page, slot, count, keys, values, spec) {
      inPage(page, slot, count, spec);
      for (let i = 0; i < count * spec.headWidth; i++) {
        page.keys[slot * spec.headWidth + i] = stored(keys[i]!, spec);
        page.values[slot * spec.headWidth + i] = stored(values[i]!, spec);
      }
      page.logWeights.fill(0, slot, slot + count);
    },
    setLogWeights(page, slot, weights, spec) {
      inPage(page, slot, weights.length, spec);
      page.logWeights.set(weights, slot);
    },
    rotate(page, slot, count, angles, spec) {
      inPage(page, slot, count, spec);
      const half = spec.headWidth / 2;
      for (let r = 0; r < count; r++) {
        for (let i = 0; i < half; i++) {
          const at = (slot + r) * spec.headWidth + i;
          const [a, b] = [page.keys[at]!, page.keys[at + half]!];
          const cos = angles[r * spec.headWidth + i]!;
          const sin = angles[r * spec.headWidth + half + i]!;
          page.keys[at] = stored(a * cos - b * sin, spec);
          page.keys[at + half] = stored(b * cos + a * sin, spec);
        }
      }
    },
    decode(page, slot, count, kind, out, at, spec) {
      inPage(page, slot, count, spec);
      const plane = kind === "key" ? page.keys : page.values;
      const width = spec.headWidth;
      out.set(plane.subarray(slot * width, (slot + count) * width), at);
    },
  };
}

function element(tensor: Tensor, index: number): number {
  return Number(tensor.data[index]!);
}
