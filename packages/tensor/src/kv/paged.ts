/**
 * Keys and values in refcounted pages, over whatever memory a driver supplies.
 *
 * Shapes   a page holds 32 slots of one kv head; a run is a list of pages, all full but the last
 * Units    bytes are those of whole pages
 * Cost     append O(rows D), no allocation beyond pages and the doubling of the books; fork O(pages + slots of books);
 *          keep moves only slots behind the first gap
 * State    shared pages are copied by whoever writes; a failed append or gather leaves everything as it was
 * Errors   StateError for disposed runs and runs of another memory; ArgumentError, ShapeError, DtypeError for the rest
 */
import { ArgumentError, DtypeError, ShapeError, StateError } from "../errors/index.js";
import type { Tensor } from "../tensor.js";
import type { HeadPlan } from "../types.js";
import { gatherInto } from "./gather.js";
import { Run } from "./paged-run.js";
import { PagePool } from "./pages.js";
import {
  type KvAppend,
  type KvFormat,
  type KvMemory,
  type KvRun,
  type KvRunSpec,
  PAGE_SLOTS,
  type PageDriver,
} from "./types.js";

export function pagedKv<P>(driver: PageDriver<P>): KvMemory {
  const pool = new PagePool(driver);

  const own = (where: string, run: KvRun): Run<P> => {
    if (!(run instanceof Run) || run.pool !== pool) {
      throw new StateError(where, "the run belongs to another memory");
    }
    run.live(where.slice(where.indexOf(".") + 1));
    return run as Run<P>;
  };

  const checkFormat = (where: string, format: KvFormat): void => {
    if (!driver.formats.includes(format)) {
      throw new ArgumentError(where, "format", `one of ${driver.formats.join(", ")}`, format);
    }
  };

  const create = (spec: KvRunSpec): Run<P> => {
    const { headWidth, format } = spec;
    if (!Number.isSafeInteger(headWidth) || headWidth < 1) {
      throw new ArgumentError("KvMemory.create", "headWidth", "a positive integer", headWidth);
    }
    checkFormat("KvMemory.create", format);
    return new Run(pool, spec);
  };

  const append = (call: KvAppend): void => {
    checkAppend(call, own);
    const runs = call.runs as readonly Run<P>[];
    try {
      for (const run of runs) run.reserve(run.length + call.rows);
    } catch (error) {
      for (const run of runs) run.trim();
      throw error;
    }
    for (let g = 0; g < runs.length; g++) writeRows(runs[g]!, call, g);
    for (const run of runs) run.books.append(call.positions, 0, call.rows);
  };

  const writeRows = (run: Run<P>, call: KvAppend, head: number): void => {
    const width = run.headWidth;
    const stride = call.runs.length * width;
    for (let done = 0; done < call.rows; ) {
      const slot = run.length + done;
      const count = Math.min(call.rows - done, PAGE_SLOTS - (slot % PAGE_SLOTS));
      driver.writeRows(
        run.pages[Math.floor(slot / PAGE_SLOTS)]!,
        slot % PAGE_SLOTS,
        count,
        call.keys,
        call.values,
        (call.firstRow + done) * stride + head * width,
        stride,
        run.spec,
      );
      done += count;
    }
  };

  const gather = (sources: readonly KvRun[], plan: HeadPlan, format: KvFormat): Run<P> => {
    const where = "KvMemory.gather";
    checkFormat(where, format);
    const runs = sources.map((run) => own(where, run));
    const first = runs[0];
    if (first === undefined) {
      throw new ArgumentError(where, "sources", "at least one run", sources.length);
    }
    for (const run of runs) {
      if (run.headWidth !== first.headWidth) {
        throw new ShapeError(where, [first.headWidth], [run.headWidth]);
      }
    }
    const made = new Run(pool, { headWidth: first.headWidth, format });
    try {
      gatherInto(made, runs, plan);
    } catch (error) {
      made.dispose();
      throw error;
    }
    return made;
  };

  return {
    formats: driver.formats,
    create,
    append,
    gather,
    byteLength: () => pool.byteLength,
  };
}

/** The page handles of a run that `pagedKv` made over this driver; for the back end's attention. */
export function runPages<P>(driver: PageDriver<P>, run: KvRun): readonly P[] {
  if (!(run instanceof Run) || run.pool.driver !== (driver as unknown)) {
    throw new StateError("runPages", "the run belongs to another memory");
  }
  run.live("pages");
  return (run as Run<P>).pages;
}

function checkAppend(call: KvAppend, own: (where: string, run: KvRun) => unknown): void {
  const where = "KvMemory.append";
  const { runs, keys, values, firstRow, rows, positions } = call;
  if (!Number.isSafeInteger(rows) || rows < 0) {
    throw new ArgumentError(where, "rows", "a non-negative integer", rows);
  }
  if (!Number.isSafeInteger(firstRow) || firstRow < 0) {
    throw new ArgumentError(where, "firstRow", "a non-negative integer", firstRow);
  }
  if (positions.length !== rows) throw new ShapeError(where, [rows], [positions.length]);
  let width = 0;
  for (let g = 0; g < runs.length; g++) {
    const run = runs[g]!;
    own(where, run);
    if (run.headWidth !== runs[0]!.headWidth) {
      throw new ShapeError(where, [runs[0]!.headWidth], [run.headWidth]);
    }
    for (let h = 0; h < g; h++) {
      if (runs[h] === run) throw new ArgumentError(where, "runs", "different runs", [h, g]);
    }
    width += run.headWidth;
  }
  checkActivations(where, keys, firstRow + rows, width);
  checkActivations(where, values, firstRow + rows, width);
}

function checkActivations(where: string, tensor: Tensor, rows: number, width: number): void {
  if (tensor.isDisposed) throw new StateError(where, "the tensor is disposed");
  if (tensor.type !== "float32") throw new DtypeError(where, "float32", tensor.type);
  const { dims } = tensor;
  if (dims.length !== 2 || dims[1] !== width || !(dims[0]! >= rows)) {
    throw new ShapeError(where, [rows, width], dims, "At least that many rows.");
  }
  if (!tensor.isContiguous) throw new StateError(where, "the tensor is not contiguous");
}
