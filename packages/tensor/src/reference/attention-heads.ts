/**
 * Lays the slots of one kv head out for the reference: decoded keys and values in f64, log weights, positions.
 *
 * Shapes   keys, values [T, D] f64; logWeights [T]; positions [T]
 * Order    runs in their order, slots in theirs; int8 vectors are scale * code, not rounded
 * State    one set of scratch a back end, grown to the longest head
 * Errors   StateError for runs of another memory
 */

import type { AttentionSource } from "../backend.js";
import { slotCount } from "../checks/attention.js";
import { runPages } from "../kv/paged.js";
import { type KvRun, PAGE_SLOTS, type PageDriver } from "../kv/types.js";
import type { MaskedHead } from "./attention-mask.js";
import type { ReferencePage } from "./pages.js";

export class SlotScratch implements MaskedHead {
  index = 0;
  count = 0;
  keys = new Float64Array(0);
  values = new Float64Array(0);
  logWeights = new Float64Array(0);
  positions = new Int32Array(0);
  /** For one row: which slots it sees, and what they score. */
  visible = new Uint8Array(0);
  scores = new Float64Array(0);
  readonly #driver: PageDriver<ReferencePage>;

  constructor(driver: PageDriver<ReferencePage>) {
    this.#driver = driver;
  }

  load(source: AttentionSource, head: number, width: number): void {
    this.index = head;
    this.count = slotCount(source, head);
    this.#reserve(this.count, width);
    if (source.kind === "dense") {
      this.#loadDense(source, head, width);
      return;
    }
    let slot = 0;
    for (const run of source.runs[head]!) slot = this.#loadRun(run, slot, width);
  }

  #loadRun(run: KvRun, first: number, width: number): number {
    const pages = runPages(this.#driver, run);
    const { positions } = run;
    for (let i = 0; i < run.length; i++) {
      const slot = first + i;
      const at = i % PAGE_SLOTS;
      const page = pages[Math.floor(i / PAGE_SLOTS)]!;
      const keyScale = page.key.scales?.[at] ?? 1;
      const valueScale = page.value.scales?.[at] ?? 1;
      for (let d = 0; d < width; d++) {
        this.keys[slot * width + d] = keyScale * page.key.vectors[at * width + d]!;
        this.values[slot * width + d] = valueScale * page.value.vectors[at * width + d]!;
      }
      this.logWeights[slot] = page.logWeights[at]!;
      this.positions[slot] = positions[i]!;
    }
    return first + run.length;
  }

  #loadDense(
    source: Extract<AttentionSource, { kind: "dense" }>,
    head: number,
    width: number,
  ): void {
    const stride = source.kvHeadCount * width;
    const keys = source.keys.data as Float32Array;
    const values = source.values.data as Float32Array;
    const weights = source.logWeights?.data as Float32Array | undefined;
    for (let t = 0; t < source.count; t++) {
      const from = t * stride + head * width;
      for (let d = 0; d < width; d++) {
        this.keys[t * width + d] = keys[from + d]!;
        this.values[t * width + d] = values[from + d]!;
      }
      this.logWeights[t] = weights?.[t] ?? 0;
      this.positions[t] = t;
    }
  }

  #reserve(count: number, width: number): void {
    if (this.keys.length < count * width) {
      this.keys = new Float64Array(2 * count * width);
      this.values = new Float64Array(2 * count * width);
    }
    if (this.positions.length < count) {
      this.logWeights = new Float64Array(2 * count);
      this.positions = new Int32Array(2 * count);
      this.visible = new Uint8Array(2 * count);
      this.scores = new Float64Array(2 * count);
    }
  }
}
