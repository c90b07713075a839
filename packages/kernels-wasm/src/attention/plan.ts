/**
 * Lays out in scratch what the attention kernels read: heads, page tables, row starts, spans; dense keys and values are
 * brought into pages first.
 *
 * Shapes   as `assembly/attention/rows.ts` says
 * Units    byte offsets
 * Cost     O(rows + pages) integers a call; dense sources are copied once, O(N G D)
 * State    contents last until the next call; one working range for everything
 * Errors   StateError for runs of another memory; DeviceError when memory runs out
 */
import {
  type AttentionCall,
  type AttentionSource,
  PAGE_SLOTS,
  type PageDriver,
} from "@frugal/tensor";
import { runPages } from "@frugal/tensor/kv";
import type { Core } from "../core.js";
import { bytesOfPage } from "../pages.js";
import { SpanList } from "./spans.js";

const HEAD_INTS = 4;
/** Queries that share a pass over the pages: enough to use a page while it is close, few enough for their scores. */
const LEAST_QUERIES = 8;
const MOST_QUERIES = 16;

export class AttentionPlan {
  /** Byte offsets, valid until the next call. */
  heads = 0;
  spans = 0;
  scratch = 0;
  /** Rows that the kernel takes at once. */
  tileRows = 1;
  /** Columns of the longest head. */
  columns = 0;
  readonly #core: Core;
  readonly #driver: PageDriver<number>;
  readonly #list = new SpanList();
  /** Per head: where its starts begin in the list, its slots, its pages. */
  #places = new Int32Array(0);
  #firstStarts: number[] = [];
  #pageCounts: number[] = [];
  readonly #lengths: number[][] = [];
  readonly #positions: Int32Array[][] = [];

  constructor(core: Core, driver: PageDriver<number>) {
    this.#core = core;
    this.#driver = driver;
  }

  /** Fills the scratch for a checked call. */
  lay(call: AttentionCall, heads: number, slots: number): void {
    const { source, headCount, headWidth } = call;
    this.#listSpans(call, heads, slots);
    const list = this.#list;
    let pages = 0;
    this.columns = 0;
    for (let head = 0; head < heads; head++) {
      pages += this.#pageCounts[head]!;
      this.columns = Math.max(this.columns, this.#pageCounts[head]! * PAGE_SLOTS);
    }
    const dense = source.kind === "dense" ? pages * bytesOfPage(headWidth, "f32") : 0;
    const ints = heads * HEAD_INTS + pages * 2 + list.startCount + list.count * 2;
    const intBytes = Math.ceil(ints / 4) * 16;
    const group = headCount / heads;
    this.tileRows = tileRowsOf(group);
    const tile = tileBytes(this.tileRows, group, this.columns, headWidth);
    const { arena, work } = this.#core;
    const at = work.need(dense + intBytes + tile);
    this.heads = at + dense;
    const tables = this.heads + heads * HEAD_INTS * 4;
    const starts = tables + pages * 8;
    this.spans = starts + list.startCount * 4;
    this.scratch = this.heads + intBytes;
    const memory = arena.ints;
    let table = tables / 4;
    for (let head = 0; head < heads; head++) {
      const entry = this.heads / 4 + head * HEAD_INTS;
      memory[entry] = table * 4;
      memory[entry + 1] = this.#pageCounts[head]!;
      memory[entry + 2] = starts + this.#firstStarts[head]! * 4;
      memory[entry + 3] = (table + pages) * 4;
      this.#numberPages(head, table + pages);
      table =
        source.kind === "runs"
          ? this.#listPages(source, head, table)
          : this.#listDense(head, table, at, headWidth);
    }
    const startAt = starts / 4;
    for (let i = 0; i < list.startCount; i++) memory[startAt + i] = list.starts[i]!;
    const spanAt = this.spans / 4;
    for (let i = 0; i < list.count * 2; i++) memory[spanAt + i] = list.spans[i]!;
    if (source.kind === "dense") this.#fillDense(source, at, headWidth);
  }

  #listSpans(call: AttentionCall, heads: number, slots: number): void {
    const { source, mask, rows } = call;
    const list = this.#list;
    list.begin();
    for (let head = 0; head < heads; head++) {
      if (this.#lengths.length === head) {
        this.#lengths.push([]);
        this.#positions.push([]);
      }
      const lengths = this.#lengths[head]!;
      const positions = this.#positions[head]!;
      lengths.length = 0;
      positions.length = 0;
      let pages = 0;
      if (source.kind === "runs") {
        for (const run of source.runs[head]!) {
          lengths.push(run.length);
          positions.push(run.positions);
          pages += Math.ceil(run.length / PAGE_SLOTS);
        }
      } else {
        lengths.push(source.count);
        positions.push(this.#placesUpTo(source.count));
        pages = Math.ceil(source.count / PAGE_SLOTS);
      }
      const chosen = mask.slots?.[head] ?? null;
      this.#pageCounts[head] = pages;
      this.#firstStarts[head] = this.#repeatsFirst(call, head, lengths)
        ? this.#firstStarts[0]!
        : list.addHead(mask, rows, lengths, positions, chosen, slots);
    }
  }

  /** True where a head sees what head 0 sees: same runs, and nothing in the mask that tells heads apart. */
  #repeatsFirst(call: AttentionCall, head: number, lengths: readonly number[]): boolean {
    const { mask, source } = call;
    if (head === 0 || mask.slots !== undefined) return false;
    const hasPositions = mask.window !== undefined || mask.kind === "position";
    if (source.kind === "runs" && hasPositions) return false;
    const first = this.#lengths[0]!;
    if (first.length !== lengths.length) return false;
    for (let run = 0; run < first.length; run++) if (first[run] !== lengths[run]) return false;
    return true;
  }

  /** Positions of a dense source: slot t stands at t. */
  #placesUpTo(count: number): Int32Array {
    if (this.#places.length < count) {
      this.#places = Int32Array.from({ length: count * 2 }, (_, slot) => slot);
    }
    return this.#places;
  }

  #listPages(
    source: Extract<AttentionSource, { kind: "runs" }>,
    head: number,
    table: number,
  ): number {
    const memory = this.#core.arena.ints;
    let at = table;
    for (const run of source.runs[head]!) {
      const pages = runPages(this.#driver, run);
      const tag = run.format === "int8" ? 1 : 0;
      const count = Math.ceil(run.length / PAGE_SLOTS);
      for (let page = 0; page < count; page++) memory[at++] = pages[page]! + tag;
    }
    return at;
  }

  /** The first slot of every page, a table as long as that of the pages. */
  #numberPages(head: number, table: number): void {
    const memory = this.#core.arena.ints;
    let at = table;
    let first = 0;
    for (const length of this.#lengths[head]!) {
      for (let slot = 0; slot < length; slot += PAGE_SLOTS) memory[at++] = first + slot;
      first += length;
    }
  }

  #listDense(head: number, table: number, at: number, headWidth: number): number {
    const memory = this.#core.arena.ints;
    const bytes = bytesOfPage(headWidth, "f32");
    const count = this.#pageCounts[head]!;
    for (let page = 0; page < count; page++) {
      memory[table + page] = at + (head * count + page) * bytes;
    }
    return table + count;
  }

  #fillDense(
    source: Extract<AttentionSource, { kind: "dense" }>,
    at: number,
    headWidth: number,
  ): void {
    const { arena, kernels } = this.#core;
    const keys = this.#core.at(source.keys);
    const values = this.#core.at(source.values);
    const weights = source.logWeights === undefined ? 0 : this.#core.at(source.logWeights);
    const stride = source.kvHeadCount * headWidth * 4;
    const pageBytes = bytesOfPage(headWidth, "f32");
    let page = at;
    for (let head = 0; head < source.kvHeadCount; head++) {
      for (let slot = 0; slot < source.count; slot += PAGE_SLOTS) {
        const count = Math.min(PAGE_SLOTS, source.count - slot);
        const offset = slot * stride + head * headWidth * 4;
        kernels.writeRowsF32(page, 0, count, keys + offset, values + offset, stride, headWidth);
        if (weights !== 0) {
          const from = weights + slot * 4;
          arena.bytes.copyWithin(page, from, from + count * 4);
        }
        page += pageBytes;
      }
    }
  }
}

/** The queries of a tile are best a multiple of 4. */
function tileRowsOf(group: number): number {
  let rows = Math.max(1, Math.ceil(LEAST_QUERIES / group));
  while ((rows * group) % 4 !== 0 && (rows + 1) * group <= MOST_QUERIES) rows++;
  return rows;
}

/** What `assembly/attention/attention.ts` asks for. */
function tileBytes(rows: number, group: number, columns: number, headWidth: number): number {
  const padded = Math.ceil(headWidth / 4) * 16;
  return 128 + Math.ceil(rows / 4) * 16 + rows * group * (columns * 8 + padded * 2 + 16);
}
