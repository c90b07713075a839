/**
 * Turns a mask into lists of what each row sees: spans of score columns, ascending.
 *
 * Shapes   starts [rows + 1]: row i sees spans starts[i] .. starts[i + 1]; spans are pairs [begin, end)
 * Units    slots are numbered along a head's runs; columns too, but every page takes 32, full or not
 * Cost     O(rows) for causal and none; a window over ascending positions O(rows log T); otherwise O(rows T)
 * State    arrays that grow and are used again; contents last until the next `begin`
 */
import { type AttentionMask, PAGE_SLOTS } from "@frugal/tensor";

export class SpanList {
  spans = new Int32Array(256);
  /** In spans, not integers. */
  count = 0;
  starts = new Int32Array(64);
  startCount = 0;
  /** Slots of the head at hand. */
  slots = 0;
  #positions = new Int32Array(64);
  #isAscending = true;
  #marks = new Uint8Array(64);
  #mask: AttentionMask = { kind: "none" };
  #chosen: Uint32Array | null = null;
  #lengths: readonly number[] = [];
  /** Stride of the mask's `visible`. */
  #columns = 0;
  #ownStart = 0;
  #windowEnd = Number.NEGATIVE_INFINITY;

  begin(): void {
    this.count = 0;
    this.startCount = 0;
  }

  /**
   * Appends the lists of one head whose runs have these lengths, and gives the index of its first start.
   * `positions` of the runs are needed where the mask asks for positions.
   */
  addHead(
    mask: AttentionMask,
    rows: number,
    lengths: readonly number[],
    positions: readonly Int32Array[],
    chosen: Uint32Array | null,
    columns: number,
  ): number {
    const first = this.startCount;
    this.#reserveStarts(first + rows + 1);
    this.#mask = mask;
    this.#lengths = lengths;
    this.#columns = columns;
    this.#chosen = chosen;
    this.slots = 0;
    for (let run = 0; run < lengths.length; run++) this.slots += lengths[run]!;
    if (mask.window !== undefined || mask.kind === "position") this.#gatherPositions(positions);
    this.#ownStart =
      mask.kind === "causal" || mask.kind === "tree" ? this.slots - rows : this.slots;
    for (let row = 0; row < rows; row++) {
      this.starts[this.startCount++] = this.count;
      this.#addRow(row, rows);
    }
    this.starts[this.startCount++] = this.count;
    return first;
  }

  #addRow(row: number, rows: number): void {
    const mask = this.#mask;
    this.#windowEnd =
      mask.window === undefined ? Number.NEGATIVE_INFINITY : mask.positions![row]! - mask.window;
    switch (mask.kind) {
      case "none":
        this.#addSlots(0, this.slots);
        return;
      case "causal":
        this.#addSlots(0, this.#ownStart + row + 1);
        return;
      case "tree":
        this.#addPath(row, rows);
        return;
      case "position":
        this.#addUpTo(mask.positions![row]!);
        return;
      case "explicit":
        this.#addMarked(mask.visible!, row * this.#columns, 0, this.slots);
    }
  }

  #addPath(row: number, rows: number): void {
    const parents = this.#mask.parents!;
    if (this.#marks.length < rows) this.#marks = new Uint8Array(rows * 2);
    const marks = this.#marks.fill(0, 0, rows);
    for (let at = row; at >= 0; at = parents[at]!) marks[at] = 1;
    this.#addSlots(0, this.#ownStart);
    this.#addMarked(marks, 0, this.#ownStart, row + 1);
  }

  /** Runs of marks[from ..], `count` of them, as slots from `slot` on. */
  #addMarked(marks: Uint8Array, from: number, slot: number, count: number): void {
    for (let i = 0; i < count; i++) {
      if (marks[from + i] === 0) continue;
      const begin = i;
      while (i < count && marks[from + i] !== 0) i++;
      this.#addSlots(slot + begin, slot + i);
    }
  }

  #addUpTo(position: number): void {
    const positions = this.#positions;
    if (this.#isAscending) {
      this.#addSlots(0, firstAbove(positions, this.slots, position));
      return;
    }
    for (let slot = 0; slot < this.slots; slot++) {
      if (positions[slot]! > position) continue;
      const begin = slot;
      while (slot < this.slots && positions[slot]! <= position) slot++;
      this.#addSlots(begin, slot);
    }
  }

  /** Slots begin .. end, less those out of the window. */
  #addSlots(begin: number, end: number): void {
    if (begin >= end) return;
    if (this.#windowEnd === Number.NEGATIVE_INFINITY) {
      this.#addChosen(begin, end);
      return;
    }
    const positions = this.#positions;
    if (this.#isAscending) {
      this.#addChosen(Math.max(begin, firstAbove(positions, this.slots, this.#windowEnd)), end);
      return;
    }
    for (let slot = begin; slot < end; slot++) {
      if (positions[slot]! <= this.#windowEnd) continue;
      const first = slot;
      while (slot < end && positions[slot]! > this.#windowEnd) slot++;
      this.#addChosen(first, slot);
    }
  }

  /** Slots begin .. end; of those before the rows' own only the chosen ones. */
  #addChosen(begin: number, end: number): void {
    const chosen = this.#chosen;
    if (chosen === null) {
      this.#addColumns(begin, end);
      return;
    }
    const cached = Math.min(end, this.#ownStart);
    for (let i = firstAbove(chosen, chosen.length, begin - 1); i < chosen.length; ) {
      const first = chosen[i]!;
      if (first >= cached) break;
      let last = first + 1;
      i++;
      while (i < chosen.length && chosen[i] === last && last < cached) {
        last++;
        i++;
      }
      this.#addColumns(first, last);
    }
    this.#addColumns(Math.max(begin, this.#ownStart), end);
  }

  #addColumns(begin: number, end: number): void {
    const lengths = this.#lengths;
    if (lengths.length === 1) {
      this.#push(begin, end);
      return;
    }
    let slot = 0;
    let column = 0;
    for (let run = 0; run < lengths.length && slot < end; run++) {
      const length = lengths[run]!;
      const first = Math.max(begin, slot);
      const last = Math.min(end, slot + length);
      if (first < last) this.#push(column + first - slot, column + last - slot);
      slot += length;
      column += Math.ceil(length / PAGE_SLOTS) * PAGE_SLOTS;
    }
  }

  #push(begin: number, end: number): void {
    if (begin >= end) return;
    const at = this.count * 2;
    if (at + 2 > this.spans.length) {
      const longer = new Int32Array(this.spans.length * 2);
      longer.set(this.spans);
      this.spans = longer;
    }
    this.spans[at] = begin;
    this.spans[at + 1] = end;
    this.count++;
  }

  #reserveStarts(count: number): void {
    if (count <= this.starts.length) return;
    const longer = new Int32Array(count * 2);
    longer.set(this.starts);
    this.starts = longer;
  }

  #gatherPositions(runs: readonly Int32Array[]): void {
    if (this.#positions.length < this.slots) this.#positions = new Int32Array(this.slots * 2);
    let at = 0;
    for (let run = 0; run < runs.length; run++) {
      const length = this.#lengths[run]!;
      for (let slot = 0; slot < length; slot++) this.#positions[at + slot] = runs[run]![slot]!;
      at += length;
    }
    this.#isAscending = true;
    for (let slot = 1; slot < at; slot++) {
      if (this.#positions[slot]! < this.#positions[slot - 1]!) this.#isAscending = false;
    }
  }
}

/** Index of the first of `count` ascending numbers that is above `value`. */
function firstAbove(numbers: Int32Array | Uint32Array, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
