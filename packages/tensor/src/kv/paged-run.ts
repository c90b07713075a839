/** A run over refcounted pages: copy on write, moves, turns. Made by `pagedKv`, which says what it obeys. */
import { ArgumentError, ShapeError, StateError } from "../errors/index.js";
import { RunBooks } from "./books.js";
import type { PageCell, PagePool } from "./pages.js";
import { type KvFormat, type KvRunSpec, PAGE_SLOTS, type PagedRun } from "./types.js";

export class Run<P> implements PagedRun<P> {
  readonly headWidth: number;
  readonly format: KvFormat;
  readonly pool: PagePool<P>;
  readonly spec: KvRunSpec;
  readonly books: RunBooks;
  /** Handles and cells, side by side. */
  readonly pages: P[] = [];
  readonly cells: PageCell<P>[] = [];
  #disposed = false;

  constructor(pool: PagePool<P>, spec: KvRunSpec, books = new RunBooks()) {
    this.pool = pool;
    this.headWidth = spec.headWidth;
    this.format = spec.format;
    this.spec = { headWidth: spec.headWidth, format: spec.format };
    this.books = books;
  }

  get length(): number {
    return this.books.length;
  }

  get positions(): Int32Array {
    return this.books.positions;
  }

  get logWeights(): Float32Array | null {
    return this.books.logWeights;
  }

  get byteLength(): number {
    return this.cells.length * this.pool.driver.pageBytes(this.spec);
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  fork(): Run<P> {
    this.live("fork");
    const fork = new Run(this.pool, this.spec, this.books.copy());
    for (const cell of this.cells) {
      cell.references++;
      fork.cells.push(cell);
      fork.pages.push(cell.page);
    }
    return fork;
  }

  truncate(length: number): void {
    this.live("truncate");
    if (!Number.isInteger(length) || length < 0 || length > this.length) {
      throw new ArgumentError("KvRun.truncate", "length", `0..${this.length}`, length);
    }
    this.books.truncate(length);
    this.trim();
  }

  keep(first: number, kept: Uint32Array): void {
    this.live("keep");
    const { length } = this;
    if (!Number.isInteger(first) || first < 0 || first > length) {
      throw new ArgumentError("KvRun.keep", "first", `0..${length}`, first);
    }
    let floor = first;
    for (let i = 0; i < kept.length; i++) {
      if (kept[i]! < floor || kept[i]! >= length) {
        throw new ArgumentError("KvRun.keep", `kept[${i}]`, `in ${floor}..${length - 1}`, kept[i]);
      }
      floor = kept[i]! + 1;
    }
    for (let i = 0; i < kept.length; ) {
      const to = first + i;
      const from = kept[i]!;
      let count = 1;
      while (i + count < kept.length && kept[i + count] === from + count) count++;
      if (from !== to) this.#moveSlots(from, to, count);
      i += count;
    }
    this.books.keep(first, kept);
    this.trim();
  }

  rotate(angles: Float32Array, positions: Int32Array): void {
    this.live("rotate");
    const { length, headWidth } = this;
    if (angles.length !== length * headWidth) {
      throw new ShapeError("KvRun.rotate", [length, headWidth], [angles.length]);
    }
    if (positions.length !== length) {
      throw new ShapeError("KvRun.rotate", [length], [positions.length]);
    }
    for (let slot = 0; slot < length; ) {
      const stays = isStill(angles, slot, headWidth);
      const end = Math.min(length, (Math.floor(slot / PAGE_SLOTS) + 1) * PAGE_SLOTS);
      let next = slot + 1;
      while (next < end && isStill(angles, next, headWidth) === stays) next++;
      // Slots that stay are left alone: an int8 key turned by nothing must not be coded anew.
      if (!stays) {
        const turned = angles.subarray(slot * headWidth, next * headWidth);
        const page = this.writable(Math.floor(slot / PAGE_SLOTS));
        this.pool.driver.rotate(page, slot % PAGE_SLOTS, next - slot, turned, this.spec);
      }
      slot = next;
    }
    this.books.move(positions);
  }

  async read(kind: "key" | "value"): Promise<Float32Array> {
    this.live("read");
    if (kind !== "key" && kind !== "value") {
      throw new ArgumentError("KvRun.read", "kind", `"key" or "value"`, kind);
    }
    const { length, headWidth } = this;
    const out = new Float32Array(length * headWidth);
    const pending: Promise<void>[] = [];
    for (let slot = 0; slot < length; slot += PAGE_SLOTS) {
      const count = Math.min(PAGE_SLOTS, length - slot);
      const page = this.pages[slot / PAGE_SLOTS]!;
      const done = this.pool.driver.decode(page, 0, count, kind, out, slot * headWidth, this.spec);
      if (done !== undefined) pending.push(done);
    }
    await Promise.all(pending);
    return out;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.books.truncate(0);
    this.trim();
  }

  live(what: string): void {
    if (this.#disposed) throw new StateError(`KvRun.${what}`, "the run is disposed");
  }

  /** Pages for slots `this.length .. length`, each of them this run's alone. */
  reserve(length: number): void {
    const used = this.length;
    if (length > used && used % PAGE_SLOTS !== 0) this.writable(Math.floor(used / PAGE_SLOTS));
    while (this.cells.length * PAGE_SLOTS < length) {
      const cell = this.pool.allocate(this.spec);
      this.cells.push(cell);
      this.pages.push(cell.page);
    }
    this.books.reserve(length);
  }

  /** Frees pages that hold no slot. */
  trim(): void {
    const needed = Math.ceil(this.length / PAGE_SLOTS);
    while (this.cells.length > needed) {
      this.pages.pop();
      this.pool.release(this.cells.pop()!, this.spec);
    }
  }

  /** The page for writing: a copy where another run holds it too. */
  writable(index: number): P {
    const cell = this.cells[index]!;
    if (cell.references === 1) return cell.page;
    const used = Math.min(PAGE_SLOTS, this.length - index * PAGE_SLOTS);
    const copy = this.pool.allocate(this.spec);
    this.pool.driver.copySlots(cell.page, 0, copy.page, 0, used, this.spec);
    this.pool.release(cell, this.spec);
    this.cells[index] = copy;
    this.pages[index] = copy.page;
    return copy.page;
  }

  /** Ascending and to lower slots only, so nothing is overwritten before it is read. */
  #moveSlots(from: number, to: number, count: number): void {
    for (let done = 0; done < count; ) {
      const source = from + done;
      const target = to + done;
      const inSource = PAGE_SLOTS - (source % PAGE_SLOTS);
      const inTarget = PAGE_SLOTS - (target % PAGE_SLOTS);
      const step = Math.min(count - done, inSource, inTarget);
      const page = this.writable(Math.floor(target / PAGE_SLOTS)); // first: it may replace the source page
      const held = this.pages[Math.floor(source / PAGE_SLOTS)]!;
      this.pool.driver.copySlots(
        held,
        source % PAGE_SLOTS,
        page,
        target % PAGE_SLOTS,
        step,
        this.spec,
      );
      done += step;
    }
  }
}

/** Cosines 1 and sines 0. */
function isStill(angles: Float32Array, slot: number, width: number): boolean {
  const half = width / 2;
  const at = slot * width;
  for (let i = 0; i < half; i++) {
    if (angles[at + i] !== 1 || angles[at + half + i] !== 0) return false;
  }
  return true;
}
