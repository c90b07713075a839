/**
 * One step of a decoder over rows of caches: checks first, then everything that touches the scratch in one stretch.
 *
 * Shapes   logits [rows asked for, V], hidden [S, C], one a cache
 * Cost     the decoder's pass; one read of what was asked for
 * State    the caches' rows grow; a step that is refused at the door leaves them as they were
 * Errors   ArgumentError for rows, tokens, layers or hidden states that do not fit, a cache given twice, a tap on a layer
 *          that does not run; ShapeError, DtypeError for tensors that do not fit; CapabilityError for signals that are not
 *          there; StateError for a cache whose tree waits for `commit`
 */
import {
  ArgumentError,
  CapabilityError,
  DtypeError,
  type Floats,
  floats,
  ShapeError,
  StateError,
} from "@frugal/tensor";
import type { Engine } from "../generate/engine.js";
import { depthsOf } from "../generate/tree.js";
import type { StepInput, StepOutput, StepRows } from "../types.js";
import type { PassGroup } from "./decoder.js";
import { checkTapLayers, TapPlan } from "./tap-plan.js";
import { chosenRows } from "./tap-rows.js";
import { TapReader } from "./taps.js";

/** Stands in the cache's books for a row that was given as an embedding. */
const NO_TOKEN = 0xffff_ffff;

export async function runStep(engine: Engine, input: StepInput): Promise<StepOutput> {
  const { decoder, backend } = engine;
  const { layerCount, width, vocabularySize } = decoder.config;
  const { fromLayer = 0, toLayer = layerCount, needs = {} } = input;
  checkLayers(fromLayer, toLayer, layerCount);
  checkTapLayers(needs, "decoder", layerCount, fromLayer, toLayer);
  checkCaches(engine, input, fromLayer);
  const counts = input.rows.map((rows, i) => rowCount(engine, rows, input.hidden?.[i], fromLayer));
  const total = counts.reduce((a, b) => a + b, 0);
  const plan = new TapPlan(needs, "decoder", layerCount);
  for (const tap of Object.values(needs)) for (const count of counts) chosenRows(tap, count, {});
  const readers = input.rows.map(() => (plan.isEmpty ? undefined : new TapReader(plan, backend)));
  const groups = input.rows.map((rows, i) => groupOf(rows, counts[i] as number, readers[i]));

  decoder.reserve(total);
  let first = 0;
  for (const [i, rows] of input.rows.entries()) {
    place(engine, rows, fromLayer > 0 ? input.hidden?.[i] : rows.embeddings, first);
    if (fromLayer === 0) beginStep(rows, counts[i] as number);
    first += counts[i] as number;
  }
  decoder.pass(groups, fromLayer, toLayer);
  const isWhole = toLayer === layerCount;
  const reading = !isWhole
    ? backend.read(decoder.hidden, 0, total * width)
    : input.logits === "none"
      ? undefined
      : logitsOf(engine, counts, input.logits);

  // From here on the scratch may belong to another step.
  const signals = await Promise.all(readers.map(async (reader) => (await reader?.signals()) ?? {}));
  if (reading === undefined) return { logits: [], signals };
  const found = await reading;
  if (isWhole) return { logits: splitLogits(found, counts, vocabularySize, input.logits), signals };
  return { logits: [], hidden: split(found as Float32Array, counts, width), signals };
}

type Read = Float32Array | Int32Array;

function logitsOf(
  { decoder, backend }: Engine,
  counts: readonly number[],
  asked: "last" | "all",
): Promise<Read | readonly Read[]> {
  const { vocabularySize } = decoder.config;
  if (asked === "all") {
    const total = counts.reduce((a, b) => a + b, 0);
    return backend.read(decoder.logits(0, total), 0, total * vocabularySize);
  }
  let end = 0;
  return Promise.all(
    counts.map((count) => {
      end += count;
      return backend.read(decoder.logits(end - 1, 1), 0, vocabularySize);
    }),
  );
}

function splitLogits(
  found: Read | readonly Read[],
  counts: readonly number[],
  width: number,
  asked: StepInput["logits"],
): readonly Floats[] {
  if (asked === "all") return split(found as Float32Array, counts, width);
  return (found as readonly Float32Array[]).map((row) => floats([1, width], row));
}

function place(engine: Engine, rows: StepRows, given: Floats | undefined, first: number): void {
  const { decoder, backend } = engine;
  if (given) backend.write(decoder.hidden, given.data, first * decoder.config.width);
  else decoder.embed(rows.tokens as Uint32Array, decoder.hidden, first);
}

function beginStep(rows: StepRows, count: number): void {
  const tokens = rows.tokens ?? new Uint32Array(count).fill(NO_TOKEN);
  rows.cache.begin(rows.parents ? { tokens, parents: rows.parents } : { tokens });
}

function groupOf(rows: StepRows, count: number, taps: TapReader | undefined): PassGroup {
  const { cache, parents, positions, origins } = rows;
  return {
    cache,
    rows: count,
    ...(parents ? { parents, depths: depthsOf(parents) } : {}),
    ...(positions ? { positions } : {}),
    ...(origins ? { origins } : {}),
    ...(taps ? { taps } : {}),
  };
}

function checkLayers(from: number, to: number, layerCount: number): void {
  const isRight =
    Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= layerCount;
  if (!isRight) {
    const expected = `integers with 0 <= from <= to <= ${layerCount}`;
    throw new ArgumentError("step", "fromLayer, toLayer", expected, [from, to]);
  }
}

function checkCaches({ decoder }: Engine, { rows, hidden }: StepInput, fromLayer: number): void {
  const { layerCount, kvHeadCount, headWidth } = decoder.config;
  if (rows.length === 0) throw new ArgumentError("step", "rows", "of at least one cache", 0);
  if (new Set(rows.map(({ cache }) => cache)).size < rows.length) {
    throw new ArgumentError("step", "rows", "of a cache of its own each", "the same cache twice");
  }
  for (const { cache } of rows) {
    if (cache.isDisposed) throw new StateError("step", "the cache is disposed");
    const { layers } = cache.layout;
    const isOurs =
      layers.length === layerCount &&
      layers.every((l) => l.kvHeadCount === kvHeadCount && l.headWidth === headWidth);
    if (!isOurs) {
      throw new ArgumentError("step", "cache", "one of this model's layout", layers.length);
    }
  }
  if (hidden && (fromLayer === 0 || hidden.length !== rows.length)) {
    const expected = "given once a cache, and only when fromLayer is above 0";
    throw new ArgumentError("step", "hidden", expected, hidden.length);
  }
}

/** How many rows a cache gets; everything about them is checked. */
function rowCount(
  { decoder }: Engine,
  rows: StepRows,
  hidden: Floats | undefined,
  fromLayer: number,
): number {
  const { width, vocabularySize } = decoder.config;
  const given = fromLayer > 0 ? hidden : rows.embeddings;
  if (fromLayer > 0 && !hidden) {
    const expected = "given for every cache when fromLayer is above 0";
    throw new ArgumentError("step", "hidden", expected, undefined);
  }
  if (fromLayer > 0 && rows.parents) {
    throw new CapabilityError("step", ["a tree that goes on at a later layer"]);
  }
  const count = given ? (given.dims[0] as number) : (rows.tokens?.length ?? 0);
  if (!(count > 0)) throw new ArgumentError("step", "rows", "at least one row a cache", count);
  if (given) checkGiven(given, count, width);
  const lists = {
    tokens: fromLayer === 0 ? rows.tokens : undefined,
    positions: rows.positions,
    parents: rows.parents,
    origins: rows.origins,
  };
  for (const [name, list] of Object.entries(lists)) {
    if (list && list.length !== count) {
      throw new ShapeError(`step: ${name}`, [count], [list.length]);
    }
  }
  for (const position of rows.positions ?? []) {
    if (position < 0 || position >= decoder.config.maxPositions) {
      const range = `in 0..${decoder.config.maxPositions - 1}`;
      throw new ArgumentError("step", "positions", range, position);
    }
  }
  if (given) return count;
  for (const id of rows.tokens as Uint32Array) {
    if (id >= vocabularySize) {
      throw new ArgumentError("step", "tokens", `below the vocabulary's ${vocabularySize}`, id);
    }
  }
  return count;
}

function checkGiven(given: Floats, count: number, width: number): void {
  if (given.dims.length !== 2 || given.dims[1] !== width) {
    throw new ShapeError("step: rows", [count, width], given.dims);
  }
  if (!(given.data instanceof Float32Array)) {
    throw new DtypeError("step: rows", "float32", given.type);
  }
  if (given.data.length !== count * width) {
    throw new ShapeError("step: rows", [count * width], [given.data.length]);
  }
}

function split(all: Float32Array, counts: readonly number[], width: number): Floats[] {
  let at = 0;
  return counts.map((count) => {
    const data = all.slice(at, at + count * width);
    at += count * width;
    return floats([count, width], data);
  });
}
