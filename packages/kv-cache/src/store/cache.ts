/**
 * A ragged KV cache: tokens, positions and runs of every layer and kv head, kept right through steps, trees and evictions.
 *
 * Shapes   per layer and kv head T slots of D keys and D values, T differing by head; tokens [tokenCount]
 * Units    positions and origins in tokens; bytes are those of whole pages
 * Cost     append O(rows G L); commit, truncate O(slots moved); fork O(pages + books); nothing is allocated a token but
 *          the growth of pages and books
 * State    owns its runs and shares pages with its forks; `dispose` frees them
 * Errors   StateError while a tree waits for `commit` or after `dispose`; ArgumentError, ShapeError for what does not fit;
 *          CapabilityError for recurrent layers that would have to go back, and from `apply`
 */
import {
  ArgumentError,
  type Backend,
  type CacheLayout,
  CapabilityError,
  type Floats,
  floats,
  type HeadPlan,
  type KvFormat,
  type KvRun,
  ShapeError,
  StateError,
} from "@frugal/tensor";
import type {
  Cache,
  CacheOptions,
  LayerRows,
  PositionMode,
  ProtectedSpans,
  RopeRotation,
} from "../types.js";
import { applyPlans } from "./apply.js";
import { checkCount, checkLayout, checkOrigins, checkParents, checkPath } from "./checks.js";
import { IntList } from "./int-list.js";
import { LayerStore } from "./layer.js";
import { encodeCache } from "./save.js";

export function createCache(options: CacheOptions): Cache {
  return new RaggedCache(options);
}

interface Step {
  readonly base: number;
  readonly count: number;
  readonly parents: Int32Array | null;
}

export class RaggedCache implements Cache {
  readonly layout: CacheLayout;
  readonly format: KvFormat;
  readonly backend: Backend;
  readonly rope: RopeRotation | undefined;
  readonly stores: readonly LayerStore[];
  readonly pins: { from: number; to: number }[] = [];
  spans: ProtectedSpans = { sinks: 0, recent: 0 };
  readBytes = 0;
  readonly ids: IntList;
  #step: Step | null = null;
  #disposed = false;

  constructor(options: CacheOptions, from?: RaggedCache) {
    const { backend, layout, format = "f32" } = options;
    this.backend = backend;
    this.layout = layout;
    this.format = format;
    this.rope = options.rope;
    if (from) {
      this.ids = from.ids.copy();
      this.stores = from.stores.map((store) => store.fork());
      this.pins = from.pins.map((pin) => ({ ...pin }));
      this.spans = from.spans;
      return;
    }
    checkLayout("createCache", layout);
    if (!backend.kv.formats.includes(format)) {
      throw new CapabilityError("createCache", [`pages of format ${format} on ${backend.name}`]);
    }
    this.ids = new IntList();
    this.stores = layout.layers.map(({ kind, kvHeadCount, headWidth }) =>
      LayerStore.create(backend.kv, format, kind === "attention" ? kvHeadCount : 0, headWidth),
    );
  }

  get tokens(): Uint32Array {
    const { view } = this.ids;
    return new Uint32Array(view.buffer, view.byteOffset, view.length);
  }

  get tokenCount(): number {
    return this.ids.length;
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  nextPosition(layer: number): number {
    const store = this.#store("nextPosition", layer);
    return store.heads.length === 0 ? this.tokenCount : store.nextPosition;
  }

  length(layer: number, head: number): number {
    return this.#head("length", layer, head).length(head);
  }

  positions(layer: number, head: number): Int32Array {
    const runs = this.#head("positions", layer, head).heads[head]!;
    if (runs.length === 1) return runs[0]!.positions;
    const all = new Int32Array(this.length(layer, head));
    let slot = 0;
    for (const run of runs) {
      all.set(run.positions, slot);
      slot += run.length;
    }
    return all;
  }

  logWeights(layer: number, head: number): Float32Array | null {
    const runs = this.#head("logWeights", layer, head).heads[head]!;
    if (runs.length === 1) return runs[0]!.logWeights;
    if (runs.every((run) => run.logWeights === null)) return null;
    const all = new Float32Array(this.length(layer, head));
    let slot = 0;
    for (const run of runs) {
      if (run.logWeights) all.set(run.logWeights, slot);
      slot += run.length;
    }
    return all;
  }

  origins(layer: number, head: number): Int32Array {
    return this.#head("origins", layer, head).origins[head]!.view;
  }

  isProtected(layer: number, head: number, slot: number): boolean {
    const origins = this.#head("isProtected", layer, head).origins[head]!;
    const { sinks, recent } = this.spans;
    if (slot < sinks || slot >= origins.length - recent) return true;
    const origin = origins.at(slot);
    for (const { from, to } of this.pins) if (origin >= from && origin < to) return true;
    return false;
  }

  keys(layer: number, head: number): Promise<Floats> {
    return this.#decoded("keys", "key", layer, head);
  }

  values(layer: number, head: number): Promise<Floats> {
    return this.#decoded("values", "value", layer, head);
  }

  byteLength(): number {
    let bytes = 0;
    for (const store of this.stores) bytes += store.byteLength;
    return bytes;
  }

  runs(layer: number): readonly (readonly KvRun[])[] {
    return this.#store("runs", layer).heads;
  }

  begin(step: { readonly tokens: Uint32Array; readonly parents?: Int32Array }): void {
    this.#settled("begin");
    const { tokens, parents } = step;
    if (parents && parents.length !== tokens.length) {
      throw new ShapeError("Cache.begin", [tokens.length], [parents.length], "One parent a token.");
    }
    if (parents) checkParents(parents);
    this.#step = { base: this.tokenCount, count: tokens.length, parents: parents ?? null };
    for (const token of tokens) this.ids.push(token);
    for (const store of this.stores) store.beginStep();
  }

  append(layer: number, rows: LayerRows): void {
    const store = this.#store("append", layer);
    const step = this.#step;
    if (step === null) throw new StateError("Cache.append", "no step has begun", "Call begin.");
    if (store.heads.length === 0) {
      throw new ArgumentError("Cache.append", "layer", "an attention layer", layer);
    }
    checkOrigins(rows, store.nextOrigin, step.count);
    store.append(rows, step.base, step.parents !== null);
  }

  commit(rows: readonly number[]): void {
    this.#live("commit");
    const step = this.#step;
    if (step === null) {
      throw new StateError("Cache.commit", "no step to commit", "Call begin and append first.");
    }
    checkPath(rows, step.count, step.parents);
    if (rows.length < step.count) this.#refuseRecurrent("commit");
    const ranks = new Int32Array(step.count).fill(-1);
    rows.forEach((row, rank) => {
      ranks[row] = rank;
      this.ids.set(step.base + rank, this.ids.at(step.base + row));
    });
    this.ids.truncate(step.base + rows.length);
    for (const store of this.stores) store.commit(step.base, ranks);
    this.#step = null;
  }

  fork(): Cache {
    this.#settled("fork");
    const { backend, layout, format, rope } = this;
    return new RaggedCache({ backend, layout, format, ...(rope ? { rope } : {}) }, this);
  }

  truncate(tokenCount: number): void {
    this.#live("truncate");
    checkCount("Cache.truncate", "tokenCount", tokenCount, this.tokenCount);
    if (this.#step?.parents && tokenCount > this.#step.base) this.#settled("truncate");
    if (tokenCount < this.tokenCount) this.#refuseRecurrent("truncate");
    for (const store of this.stores) store.truncate(tokenCount);
    this.ids.truncate(tokenCount);
    this.#step = null;
    for (let i = this.pins.length - 1; i >= 0; i--) {
      const pin = this.pins[i]!;
      pin.to = Math.min(pin.to, tokenCount);
      if (pin.from >= pin.to) this.pins.splice(i, 1);
    }
  }

  async save(): Promise<Uint8Array> {
    this.#settled("save");
    return encodeCache(this);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const store of this.stores) store.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  pin(fromToken: number, toToken: number): void {
    this.#live("pin");
    checkCount("Cache.pin", "toToken", toToken, this.tokenCount);
    checkCount("Cache.pin", "fromToken", fromToken, toToken);
    if (fromToken < toToken) this.pins.push({ from: fromToken, to: toToken });
  }

  protect({ sinks, recent }: ProtectedSpans): void {
    this.#live("protect");
    checkCount("Cache.protect", "sinks", sinks);
    checkCount("Cache.protect", "recent", recent);
    this.spans = { sinks, recent };
  }

  apply(
    layer: number,
    plans: readonly (HeadPlan | null)[],
    options: { readonly positions: PositionMode },
  ): void {
    this.#settled("apply");
    const store = this.#store("apply", layer);
    const { rope, tokenCount } = this;
    applyPlans({ layer, store, plans, positions: options.positions, rope, tokenCount });
    this.#step = null;
  }

  async #decoded(
    where: string,
    kind: "key" | "value",
    layer: number,
    head: number,
  ): Promise<Floats> {
    const store = this.#head(where, layer, head);
    const parts = await Promise.all(store.heads[head]!.map((run) => run.read(kind)));
    const count = parts.reduce((sum, part) => sum + part.length, 0);
    const all = new Float32Array(count);
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    this.readBytes += all.byteLength;
    return floats([count / store.headWidth, store.headWidth], all);
  }

  #store(where: string, layer: number): LayerStore {
    this.#live(where);
    const store = this.stores[layer];
    if (store) return store;
    throw new ArgumentError(
      `Cache.${where}`,
      "layer",
      `a layer below ${this.stores.length}`,
      layer,
    );
  }

  #head(where: string, layer: number, head: number): LayerStore {
    const store = this.#store(where, layer);
    if (head in store.heads) return store;
    throw new ArgumentError(`Cache.${where}`, "head", `a head below ${store.heads.length}`, head);
  }

  #live(where: string): void {
    if (this.#disposed) throw new StateError(`Cache.${where}`, "the cache is disposed");
  }

  #settled(where: string): void {
    this.#live(where);
    if (!this.#step?.parents) return;
    throw new StateError(
      `Cache.${where}`,
      "the rows of a tree wait for commit",
      "Call commit, or truncate to the tokens before the tree.",
    );
  }

  #refuseRecurrent(where: string): void {
    if (this.layout.layers.every(({ kind }) => kind === "attention")) return;
    throw new CapabilityError(`Cache.${where}`, ["a checkpoint of the recurrent layers' states"]);
  }
}
