/**
 * Reads a saved cache onto a back end.
 *
 * Cost     O(bytes)
 * State    the caller owns the cache; on an error nothing stays allocated
 * Differs  vectors of int8 runs are coded anew: codes are the same, a scale may differ in its last bit
 * Errors   FormatError with the offset for bytes that are no saved cache, or one of another layout
 */
import {
  ArgumentError,
  type Backend,
  FormatError,
  floats,
  identityRows,
  type KvRun,
} from "@frugal/tensor";
import type { Cache, CacheOptions } from "../types.js";
import { RaggedCache } from "./cache.js";
import { type BodyReader, decodeFrame } from "./frame.js";
import { IntList } from "./int-list.js";
import type { LayerStore } from "./layer.js";
import type { SavedCache, SavedLayer, SavedRun } from "./save.js";

/** More than the body of one file can hold. */
const MAX_COUNT = 2 ** 30;

export function loadCache(bytes: Uint8Array, options: CacheOptions): Cache {
  if (!(bytes instanceof Uint8Array)) {
    throw new ArgumentError("loadCache", "bytes", "a Uint8Array", typeof bytes);
  }
  const { header, body } = decodeFrame(bytes);
  const saved = checkHeader(header);
  const format = options.format ?? saved.format;
  const cache = new RaggedCache({ ...options, format });
  try {
    fill(cache, saved, body);
    body.end();
    return cache;
  } catch (error) {
    cache.dispose();
    throw error;
  }
}

function fill(cache: RaggedCache, saved: SavedCache, body: BodyReader): void {
  cache.ids.replace(body.ints(saved.tokenCount));
  cache.protect({ sinks: saved.sinks, recent: saved.recent });
  for (const [from, to] of saved.pins) cache.pin(from, to);
  if (saved.layers.length !== cache.stores.length) {
    fail(`it has ${saved.layers.length} layers, not ${cache.stores.length}`);
  }
  saved.layers.forEach((layer, index) => {
    const store = cache.stores[index]!;
    const isSame =
      layer.kvHeadCount === store.heads.length &&
      (store.heads.length === 0 || layer.headWidth === store.headWidth);
    if (!isSame || layer.heads.length !== layer.kvHeadCount) {
      fail(`layer ${index} has another layout than this model's`);
    }
    fillLayer(cache.backend, store, layer, saved.tokenCount, body);
  });
}

function fillLayer(
  backend: Backend,
  store: LayerStore,
  layer: SavedLayer,
  tokenCount: number,
  body: BodyReader,
): void {
  if (layer.afterCount > tokenCount) fail("a layer knows more tokens than there are");
  const after = body.ints(layer.afterCount);
  for (let t = 1; t < after.length; t++) if (after[t]! < after[t - 1]!) fail("positions go back");
  store.after.replace(after);
  store.isOrdered = layer.isOrdered;
  layer.heads.forEach((runs, head) => {
    const length = runs.reduce((sum, run) => sum + run.length, 0);
    const origins = body.ints(length);
    origins.forEach((origin, slot) => {
      const floor = layer.isOrdered && slot > 0 ? origins[slot - 1]! : 0;
      if (!(origin >= floor && origin < tokenCount)) fail("a slot of no token");
    });
    const held = store.heads[head]!;
    for (const old of held.splice(0)) old.dispose();
    for (const run of runs) held.push(readRun(backend, store, run, body));
    if (held.length === 0) {
      held.push(store.memory.create({ headWidth: store.headWidth, format: store.format }));
    }
    const list = new IntList();
    list.replace(origins);
    store.origins[head] = list;
  });
}

function readRun(backend: Backend, store: LayerStore, saved: SavedRun, body: BodyReader): KvRun {
  const { memory, headWidth } = store;
  const { length, format } = saved;
  if (!memory.formats.includes(format))
    fail(`format ${String(format)} is not one of this machine's`);
  const positions = body.ints(length);
  const logWeights = saved.isWeighted ? body.numbers(length) : null;
  const dims = [length, headWidth];
  // Both are read before one is uploaded: a file that ends in between leaves nothing behind.
  const [saidKeys, saidValues] = [
    body.numbers(length * headWidth),
    body.numbers(length * headWidth),
  ];
  const keys = backend.upload(floats(dims, saidKeys));
  const values = backend.upload(floats(dims, saidValues));
  const run = memory.create({ headWidth, format });
  try {
    memory.append({ runs: [run], keys, values, firstRow: 0, rows: length, positions });
    if (logWeights === null) return run;
    const rows = identityRows(length);
    const plan = { keysFrom: rows, valuesFrom: rows, positions, logWeights };
    const weighted = memory.gather([run], plan, format);
    run.dispose();
    return weighted;
  } catch (error) {
    run.dispose();
    throw error;
  } finally {
    keys.dispose();
    values.dispose();
  }
}

/** Types and ranges of everything that is used before the body is read; sizes are checked as it is read. */
function checkHeader(header: unknown): SavedCache {
  const root = record(header);
  count(root.tokenCount, "tokenCount");
  count(root.sinks, "sinks");
  count(root.recent, "recent");
  for (const pin of list(root.pins)) {
    const [from, to] = list(pin);
    if (count(from, "pin") > count(to, "pin") || count(to, "pin") > Number(root.tokenCount)) {
      fail("a pin outside the tokens");
    }
  }
  for (const layer of list(root.layers).map(record)) {
    count(layer.kvHeadCount, "kvHeadCount");
    count(layer.headWidth, "headWidth");
    count(layer.afterCount, "afterCount");
    flag(layer.isOrdered);
    for (const runs of list(layer.heads)) {
      for (const run of list(runs).map(record)) {
        count(run.length, "length");
        flag(run.isWeighted);
      }
    }
  }
  return root as unknown as SavedCache;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  return fail("the header lacks an object");
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : fail("the header lacks a list");
}

function flag(value: unknown): void {
  if (typeof value !== "boolean") fail("the header lacks a flag");
}

function count(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT) {
    return value;
  }
  return fail(`${name} is no count`);
}

function fail(problem: string): never {
  throw new FormatError("loadCache", problem);
}
