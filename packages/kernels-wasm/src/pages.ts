/**
 * Pages of keys and values in the arena, for `pagedKv`. A handle is a byte offset.
 *
 * Shapes   as `assembly/pages/layout.ts` says
 * Units    bytes
 * State    pages are not cleared: slots are written before they are read
 * Errors   DeviceError when memory runs out; ArgumentError for odd head widths that are to be turned
 */
import {
  ArgumentError,
  type KvFormat,
  type KvMemory,
  type KvRunSpec,
  PAGE_SLOTS,
  type PageDriver,
  pagedKv,
  type Tensor,
} from "@frugal/tensor";
import type { Core } from "./core.js";

export function bytesOfPage(headWidth: number, format: KvFormat): number {
  const padded = Math.ceil(headWidth / 4) * 4;
  const elements = (headWidth + padded) * PAGE_SLOTS;
  return format === "f32" ? PAGE_SLOTS * 4 + elements * 4 : PAGE_SLOTS * 12 + elements;
}

export class WasmPages implements PageDriver<number> {
  readonly formats = ["f32", "int8"] as const;
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  pageBytes({ headWidth, format }: KvRunSpec): number {
    return bytesOfPage(headWidth, format);
  }

  allocate(spec: KvRunSpec): number {
    this.#core.live("KvMemory");
    return this.#core.arena.allocate(this.pageBytes(spec));
  }

  release(page: number, spec: KvRunSpec): void {
    this.#core.arena.release(page, this.pageBytes(spec));
  }

  copySlots(
    from: number,
    fromSlot: number,
    to: number,
    toSlot: number,
    count: number,
    { headWidth, format }: KvRunSpec,
  ): void {
    const { kernels } = this.#core;
    if (format === "f32") {
      kernels.copySlotsF32(from, fromSlot, to, toSlot, count, headWidth);
    } else {
      kernels.copySlotsInt8(from, fromSlot, to, toSlot, count, headWidth);
    }
  }

  writeRows(
    page: number,
    slot: number,
    count: number,
    keys: Tensor,
    values: Tensor,
    offset: number,
    stride: number,
    spec: KvRunSpec,
  ): void {
    const key = this.#core.at(keys) + offset * 4;
    const value = this.#core.at(values) + offset * 4;
    this.#writeAt(page, slot, count, key, value, stride * 4, spec);
  }

  encode(
    page: number,
    slot: number,
    count: number,
    keys: Float32Array,
    values: Float32Array,
    spec: KvRunSpec,
  ): void {
    const { arena, staging } = this.#core;
    const size = count * spec.headWidth;
    const at = staging.need(size * 8);
    arena.floats.set(keys.subarray(0, size), at / 4);
    arena.floats.set(values.subarray(0, size), at / 4 + size);
    this.#writeAt(page, slot, count, at, at + size * 4, spec.headWidth * 4, spec);
  }

  setLogWeights(page: number, slot: number, weights: Float32Array): void {
    this.#core.arena.floats.set(weights, page / 4 + slot);
  }

  rotate(
    page: number,
    slot: number,
    count: number,
    angles: Float32Array,
    { headWidth, format }: KvRunSpec,
  ): void {
    if (headWidth % 2 !== 0) {
      throw new ArgumentError("KvRun.rotate", "headWidth", "even", headWidth);
    }
    const { kernels, staging, arena } = this.#core;
    const at = staging.need((angles.length + headWidth) * 4);
    arena.floats.set(angles, at / 4);
    if (format === "f32") kernels.rotateF32(page, slot, count, at, headWidth);
    else kernels.rotateInt8(page, slot, count, at, headWidth, at + angles.length * 4);
  }

  decode(
    page: number,
    slot: number,
    count: number,
    kind: "key" | "value",
    out: Float32Array,
    at: number,
    { headWidth, format }: KvRunSpec,
  ): void {
    const { kernels, staging, arena } = this.#core;
    const size = count * headWidth;
    const staged = staging.need(size * 4);
    const plane = kind === "key" ? 0 : 1;
    if (format === "f32") kernels.decodeF32(page, slot, count, plane, staged, headWidth);
    else kernels.decodeInt8(page, slot, count, plane, staged, headWidth);
    out.set(arena.floats.subarray(staged / 4, staged / 4 + size), at);
  }

  #writeAt(
    page: number,
    slot: number,
    count: number,
    keys: number,
    values: number,
    strideBytes: number,
    { headWidth, format }: KvRunSpec,
  ): void {
    const { kernels } = this.#core;
    if (format === "f32") {
      kernels.writeRowsF32(page, slot, count, keys, values, strideBytes, headWidth);
    } else {
      kernels.writeRowsInt8(page, slot, count, keys, values, strideBytes, headWidth);
    }
  }
}

/** Cache memory whose door knows the tensors of this back end. */
export function cacheMemory(core: Core, pages: WasmPages): KvMemory {
  const memory = pagedKv(pages);
  return {
    ...memory,
    create(spec) {
      core.live("KvMemory.create");
      return memory.create(spec);
    },
    append(call) {
      core.door.tensor("KvMemory.append: keys", call.keys);
      core.door.tensor("KvMemory.append: values", call.values);
      memory.append(call);
    },
  };
}
