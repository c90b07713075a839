/**
 * One layer of a cache: the runs of its kv heads and the books about their slots.
 *
 * Shapes   heads [G][segments]; origins [G][T]; after [tokens so far]
 * State    owns its runs; `heads` and its inner arrays are the same objects as long as the layer lives
 * Cost     append O(rows G), no allocation but growth; commit, truncate O(slots dropped and moved)
 * Errors   the cache has checked arguments; what the memory throws leaves the books as they were
 */
import type { KvFormat, KvMemory, KvRun } from "@frugal/tensor";
import type { LayerRows } from "../types.js";
import { IntList } from "./int-list.js";

export class LayerStore {
  readonly memory: KvMemory;
  readonly format: KvFormat;
  readonly headWidth: number;
  readonly heads: KvRun[][] = [];
  /** Token index of every slot. */
  readonly origins: IntList[] = [];
  /** `after[t]`: the position that follows token t here; tokens without a slot repeat the value before them. */
  after = new IntList();
  /** Rows that the current step has added, and the step's token the next row is by default. */
  stepRows = 0;
  nextOrigin = 0;
  /** Origins may descend once slots were merged. */
  isOrdered = true;
  readonly #tails: KvRun[] = [];
  readonly #call: {
    -readonly [K in keyof Parameters<KvMemory["append"]>[0]]: Parameters<KvMemory["append"]>[0][K];
  };

  constructor(memory: KvMemory, format: KvFormat, headWidth: number) {
    this.memory = memory;
    this.format = format;
    this.headWidth = headWidth;
    this.#call = { runs: this.#tails } as never;
  }

  static create(memory: KvMemory, format: KvFormat, headCount: number, width: number): LayerStore {
    const layer = new LayerStore(memory, format, width);
    for (let g = 0; g < headCount; g++)
      layer.addHead([memory.create({ headWidth: width, format })]);
    return layer;
  }

  addHead(runs: KvRun[], origins = new IntList()): void {
    this.heads.push(runs);
    this.origins.push(origins);
  }

  get nextPosition(): number {
    return this.after.last;
  }

  length(head: number): number {
    return this.origins[head]!.length;
  }

  get longest(): number {
    let longest = 0;
    for (const { length } of this.origins) longest = Math.max(longest, length);
    return longest;
  }

  get byteLength(): number {
    let bytes = 0;
    for (const runs of this.heads) for (const run of runs) bytes += run.byteLength;
    return bytes;
  }

  /** @param base index of the step's first token; a tree's positions are booked by `commit`. */
  append(rows: LayerRows, base: number, isTree: boolean): void {
    const call = this.#call;
    call.runs = this.#currentTails();
    call.keys = rows.keys;
    call.values = rows.values;
    call.firstRow = rows.firstRow;
    call.rows = rows.rows;
    call.positions = rows.positions;
    this.memory.append(call);
    for (let i = 0; i < rows.rows; i++) {
      const own = rows.origins ? rows.origins[i]! : this.nextOrigin;
      this.nextOrigin = own + 1;
      for (const origins of this.origins) origins.push(base + own);
      if (!isTree) this.#book(base + own, rows.positions[i]!);
    }
    this.stepRows += rows.rows;
  }

  beginStep(): void {
    this.stepRows = 0;
    this.nextOrigin = 0;
  }

  /** @param ranks [rows of the step]: the new place of a kept row, -1 for the others */
  commit(base: number, ranks: Int32Array): void {
    const { stepRows } = this;
    this.after.truncate(base);
    if (stepRows === 0) return;
    const [first] = this.origins;
    const start = first!.length - stepRows;
    const keptRows: number[] = [];
    for (let i = 0; i < stepRows; i++) {
      if (ranks[first!.at(start + i) - base]! >= 0) keptRows.push(i);
    }
    for (let g = 0; g < this.heads.length; g++) this.#commitHead(g, base, ranks, keptRows);
    const slot = first!.length - keptRows.length;
    const tail = this.heads[0]!.at(-1)!;
    const offset = tail.length - keptRows.length;
    for (let i = 0; i < keptRows.length; i++) {
      this.#book(first!.at(slot + i), tail.positions[offset + i]!);
    }
    this.stepRows = keptRows.length;
  }

  #commitHead(head: number, base: number, ranks: Int32Array, keptRows: readonly number[]): void {
    const origins = this.origins[head]!;
    const start = origins.length - this.stepRows;
    const tail = this.heads[head]!.at(-1)!;
    const offset = tail.length - this.stepRows;
    if (keptRows.length < this.stepRows) {
      tail.keep(
        offset,
        Uint32Array.from(keptRows, (row) => offset + row),
      );
    }
    for (let i = 0; i < keptRows.length; i++) {
      origins.set(start + i, base + ranks[origins.at(start + keptRows[i]!) - base]!);
    }
    origins.truncate(start + keptRows.length);
  }

  truncate(tokenCount: number): void {
    for (let g = 0; g < this.heads.length; g++) {
      const origins = this.origins[g]!;
      let length = origins.length;
      while (length > 0 && origins.at(length - 1) >= tokenCount) length--;
      if (!this.isOrdered) {
        const kept: number[] = [];
        for (let slot = 0; slot < length; slot++)
          if (origins.at(slot) < tokenCount) kept.push(slot);
        if (kept.length < length) {
          this.keep(g, Uint32Array.from(kept));
          continue;
        }
      }
      if (length < origins.length) this.#cut(g, length);
    }
    this.after.truncate(tokenCount);
    this.beginStep();
  }

  /** Of a head only these slots stay, ascending, bit for bit. */
  keep(head: number, kept: Uint32Array): void {
    let start = 0;
    let next = 0;
    for (const run of this.heads[head]!) {
      const end = start + run.length;
      const first = next;
      while (next < kept.length && kept[next]! < end) next++;
      if (next - first < run.length) {
        run.keep(
          0,
          kept.subarray(first, next).map((slot) => slot - start),
        );
      }
      start = end;
    }
    const origins = this.origins[head]!;
    for (let i = 0; i < kept.length; i++) origins.set(i, origins.at(kept[i]!));
    origins.truncate(kept.length);
    this.#dropEmpty(head);
  }

  /** A head becomes one run with other slots; the old runs are freed. */
  replace(head: number, run: KvRun, origins: Int32Array): void {
    const runs = this.heads[head]!;
    for (const old of runs) old.dispose();
    runs.length = 0;
    runs.push(run);
    this.origins[head]!.replace(origins);
    for (let i = 1; i < origins.length; i++) {
      if (origins[i]! < origins[i - 1]!) this.isOrdered = false;
    }
  }

  /** Books the next positions anew from what the slots say: after positions have moved. */
  rebook(tokenCount: number): void {
    const after = new Int32Array(tokenCount);
    for (let g = 0; g < this.heads.length; g++) {
      let slot = 0;
      for (const run of this.heads[g]!) {
        for (const position of run.positions) {
          const origin = this.origins[g]!.at(slot++);
          after[origin] = Math.max(after[origin]!, position + 1);
        }
      }
    }
    for (let t = 1; t < tokenCount; t++) after[t] = Math.max(after[t]!, after[t - 1]!);
    this.after.replace(after);
  }

  fork(): LayerStore {
    const fork = new LayerStore(this.memory, this.format, this.headWidth);
    for (let g = 0; g < this.heads.length; g++) {
      fork.addHead(
        this.heads[g]!.map((run) => run.fork()),
        this.origins[g]!.copy(),
      );
    }
    fork.after = this.after.copy();
    fork.isOrdered = this.isOrdered;
    return fork;
  }

  dispose(): void {
    for (const runs of this.heads) for (const run of runs) run.dispose();
  }

  #book(token: number, position: number): void {
    const { after } = this;
    while (after.length < token) after.push(after.last);
    after.push(Math.max(after.last, position + 1));
  }

  #cut(head: number, length: number): void {
    let end = this.origins[head]!.length;
    const runs = this.heads[head]!;
    for (let s = runs.length - 1; s >= 0 && end > length; s--) {
      const run = runs[s]!;
      const start = end - run.length;
      run.truncate(Math.max(0, length - start));
      end = start;
    }
    this.origins[head]!.truncate(length);
    this.#dropEmpty(head);
  }

  /** Every head keeps at least one run, the last. */
  #dropEmpty(head: number): void {
    const runs = this.heads[head]!;
    for (let s = runs.length - 2; s >= 0; s--) {
      if (runs[s]!.length === 0) runs.splice(s, 1)[0]!.dispose();
    }
  }

  #currentTails(): KvRun[] {
    for (let g = 0; g < this.heads.length; g++) {
      const runs = this.heads[g]!;
      let tail = runs[runs.length - 1]!;
      if (tail.format !== this.format) {
        tail = this.memory.create({ headWidth: this.headWidth, format: this.format });
        runs.push(tail);
      }
      this.#tails[g] = tail;
    }
    return this.#tails;
  }
}
