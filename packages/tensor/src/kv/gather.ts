/**
 * Carries out a head's plan: copies, weighted sums, log weights.
 *
 * Shapes   plan over T source slots (all sources in order) -> M slots
 * Order    a weighted sum adds its sources in the order of the plan in f64 and is then coded
 * Cost     O(M D) and one decoding a weighted source; scratch of one page, keys and values
 * Errors   ArgumentError, ShapeError for plans that do not fit; CapabilityError where pages cannot be decoded at once
 */
import { ArgumentError, CapabilityError, ShapeError } from "../errors/index.js";
import { checkRows } from "../sparse-rows.js";
import type { HeadPlan, SparseRows } from "../types.js";
import type { Run } from "./paged-run.js";
import { PAGE_SLOTS } from "./types.js";

const WHERE = "KvMemory.gather";

/** Fills an empty `target`. The caller disposes it when this throws. */
export function gatherInto<P>(target: Run<P>, sources: readonly Run<P>[], plan: HeadPlan): void {
  const count = checkPlan(plan, slotsOf(sources));
  const reader = new SlotReader(sources, target.headWidth);
  const { driver } = target.pool;
  const keys = new Float32Array(PAGE_SLOTS * target.headWidth);
  const values = new Float32Array(PAGE_SLOTS * target.headWidth);
  target.reserve(count);
  for (let row = 0; row < count; ) {
    const room = Math.min(count, row + PAGE_SLOTS - (row % PAGE_SLOTS));
    const page = target.pages[Math.floor(row / PAGE_SLOTS)]!;
    const slot = row % PAGE_SLOTS;
    const copied = reader.copyLength(plan, row, room, target.format);
    if (copied > 0) {
      const { run, at } = reader.locate(plan.keysFrom.sources[plan.keysFrom.starts[row]!]!);
      const held = run.pages[Math.floor(at / PAGE_SLOTS)]!;
      driver.copySlots(held, at % PAGE_SLOTS, page, slot, copied, target.spec);
      row += copied;
      continue;
    }
    let next = row;
    while (
      next < room &&
      (next === row || reader.copyLength(plan, next, room, target.format) === 0)
    ) {
      reader.sum(plan.keysFrom, next, "key", keys, next - row);
      reader.sum(plan.valuesFrom, next, "value", values, next - row);
      next++;
    }
    driver.encode(page, slot, next - row, keys, values, target.spec);
    row = next;
  }
  const weights = plan.logWeights;
  if (weights !== null || sources.some((run) => run.logWeights !== null)) {
    const zeros = weights ?? new Float32Array(count);
    for (let row = 0; row < count; row += PAGE_SLOTS) {
      const part = zeros.subarray(row, Math.min(count, row + PAGE_SLOTS));
      driver.setLogWeights(target.pages[row / PAGE_SLOTS]!, 0, part, target.spec);
    }
  }
  target.books.append(plan.positions, 0, count, weights);
}

const slotsOf = <P>(sources: readonly Run<P>[]): number =>
  sources.reduce((sum, run) => sum + run.length, 0);

function checkPlan(plan: HeadPlan, slots: number): number {
  const { keysFrom, valuesFrom, positions, logWeights } = plan;
  checkRows(`${WHERE}: keysFrom`, keysFrom);
  checkRows(`${WHERE}: valuesFrom`, valuesFrom);
  const count = keysFrom.rowCount;
  const widths = [count, slots];
  for (const rows of [keysFrom, valuesFrom]) {
    if (rows.rowCount !== count || rows.sourceCount !== slots) {
      throw new ShapeError(WHERE, widths, [rows.rowCount, rows.sourceCount]);
    }
  }
  if (positions.length !== count) throw new ShapeError(WHERE, [count], [positions.length]);
  if (logWeights === null) return count;
  if (logWeights.length !== count) throw new ShapeError(WHERE, [count], [logWeights.length]);
  for (let i = 0; i < count; i++) {
    if (!(logWeights[i]! < Infinity)) {
      throw new ArgumentError(WHERE, `logWeights[${i}]`, "a number below Infinity", logWeights[i]);
    }
  }
  return count;
}

/** Finds slots among several runs and decodes them one by one. */
class SlotReader<P> {
  readonly #runs: readonly Run<P>[];
  readonly #starts: number[] = [];
  readonly #vector: Float32Array;
  readonly #sums: Float64Array;
  readonly #found: { run: Run<P>; at: number };

  constructor(runs: readonly Run<P>[], width: number) {
    this.#runs = runs;
    this.#vector = new Float32Array(width);
    this.#sums = new Float64Array(width);
    this.#found = { run: runs[0]!, at: 0 };
    let start = 0;
    for (const run of runs) {
      this.#starts.push(start);
      start += run.length;
    }
  }

  /** One object, filled anew by each call. */
  locate(source: number): { readonly run: Run<P>; readonly at: number } {
    let index = this.#runs.length - 1;
    while (this.#starts[index]! > source) index--;
    this.#found.run = this.#runs[index]!;
    this.#found.at = source - this.#starts[index]!;
    return this.#found;
  }

  /** How many rows from `row` on copy consecutive slots of one page; 0: this one does not copy. */
  copyLength(plan: HeadPlan, row: number, end: number, format: string): number {
    const first = copySource(plan, row);
    if (first < 0) return 0;
    const { run, at } = this.locate(first);
    if (run.format !== format) return 0;
    const most = Math.min(end - row, run.length - at, PAGE_SLOTS - (at % PAGE_SLOTS));
    let count = 1;
    while (count < most && copySource(plan, row + count) === first + count) count++;
    return count;
  }

  sum(
    rows: SparseRows,
    row: number,
    kind: "key" | "value",
    out: Float32Array,
    outRow: number,
  ): void {
    const width = this.#vector.length;
    const sums = this.#sums.fill(0);
    const begin = rows.starts[row]!;
    const end = rows.starts[row + 1]!;
    for (let e = begin; e < end; e++) {
      const { run, at } = this.locate(rows.sources[e]!);
      const page = run.pages[Math.floor(at / PAGE_SLOTS)]!;
      const slot = at % PAGE_SLOTS;
      const done = run.pool.driver.decode(page, slot, 1, kind, this.#vector, 0, run.spec);
      if (done !== undefined) {
        throw new CapabilityError(WHERE, ["weighted plans on pages that are read later"]);
      }
      const weight = rows.weights[e]!;
      if (end - begin === 1 && weight === 1) {
        out.set(this.#vector, outRow * width); // keeps -0 and NaN as they are
        return;
      }
      for (let d = 0; d < width; d++) sums[d]! += weight * this.#vector[d]!;
    }
    out.set(sums, outRow * width);
  }
}

/** The slot that both key and value copy, or -1. */
function copySource(plan: HeadPlan, row: number): number {
  const { keysFrom, valuesFrom } = plan;
  const key = keysFrom.starts[row]!;
  const value = valuesFrom.starts[row]!;
  if (keysFrom.starts[row + 1] !== key + 1 || valuesFrom.starts[row + 1] !== value + 1) return -1;
  if (keysFrom.weights[key] !== 1 || valuesFrom.weights[value] !== 1) return -1;
  const source = keysFrom.sources[key]!;
  return source === valuesFrom.sources[value] ? source : -1;
}
