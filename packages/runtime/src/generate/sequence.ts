/**
 * One sequence being written: its cache, the policy that shrinks it, and the steps that make it grow.
 *
 * State    owns cache and query history; `fork` shares the cache's pages; `dispose` frees
 * Errors   whatever the cache, the policy or the back end refuse; an abort rejects with the signal's reason
 */
import { type Cache, type CachePolicy, type Compression, openCompression } from "@frugal/kv-cache";
import { ArgumentError, CapabilityError, type Needs, type Random, type Tap } from "@frugal/tensor";
import type { Decoder } from "../model/decoder.js";
import { TapPlan } from "../model/tap-plan.js";
import { TapReader } from "../model/taps.js";
import type { Engine } from "./engine.js";
import { QueryHistory } from "./history.js";

export interface CompressionRecord {
  readonly boundary: "prefillEnd" | "turnEnd" | "interval";
  /** Slots of all layers and heads. */
  readonly slotsBefore: number;
  readonly slotsAfter: number;
}

export class Sequence {
  readonly engine: Engine;
  readonly cache: Cache;
  readonly records: CompressionRecord[] = [];
  history: QueryHistory | undefined;
  compression: Compression | undefined;
  /** Tokens a further boundary counts from. */
  committedSince = 0;
  #past: TapPlan | undefined;
  #present: TapPlan | undefined;

  constructor(engine: Engine, cache: Cache, history?: QueryHistory) {
    this.engine = engine;
    this.cache = cache;
    this.history = history;
  }

  /** Puts a policy in charge. Taps over past rows need a history of at least their window (`retain` before the prefill). */
  shrinkBy(policy: CachePolicy, random: Random): void {
    const compression = openCompression(policy, { cache: this.cache, random });
    const { layerCount } = this.engine.decoder.config;
    const { past, present } = splitNeeds(compression.needs);
    const window = windowOf(past);
    if (window > 0 && (this.history?.window ?? 0) < window) {
      if (this.cache.tokenCount > 0) {
        throw new CapabilityError(
          policy.scorer.name,
          [`the last ${window} queries of this prefix`],
          `Prefill with { retainQueries: ${window} }`,
        );
      }
      this.retain(window);
    }
    this.compression = compression;
    this.#past = new TapPlan(past, "decoder", layerCount);
    this.#present = new TapPlan(present, "decoder", layerCount);
    if (!this.#present.isEmpty && this.cache.tokenCount > 0) {
      throw new CapabilityError(
        policy.scorer.name,
        ["signals of rows that have passed"],
        "Give the policy to the prefill itself",
      );
    }
  }

  /** Remembers the last `window` queries of each layer from now on. */
  retain(window: number): void {
    if (window <= (this.history?.window ?? 0)) return;
    const { maxPositions } = this.engine.decoder.config;
    if (window > maxPositions) {
      throw new ArgumentError(
        "cache",
        "window of queries",
        `at most the model's ${maxPositions} positions`,
        window,
      );
    }
    this.history?.dispose();
    this.history = new QueryHistory(this.engine.backend, this.engine.decoder.config, window);
  }

  /** A reader for the signals that a policy wants of the rows of every step. */
  presentTaps(): TapReader | undefined {
    const plan = this.#present;
    return plan && !plan.isEmpty ? new TapReader(plan, this.engine.backend) : undefined;
  }

  /** Shows a policy what `presentTaps` found. */
  async observe(taps: TapReader | undefined, firstPosition: number, rows: number): Promise<void> {
    if (!taps || !this.compression) return;
    for (const [layer, signals] of await taps.byLayer()) {
      await this.compression.observe(layer, signals, firstPosition, rows);
    }
  }

  /** Rows of the last step that stay; the history follows. */
  commit(rows: readonly number[]): void {
    this.cache.commit(rows);
    this.history?.commit(rows);
    this.committedSince += rows.length;
  }

  /** Forgets the tokens from `tokenCount` on; they all have a row in every layer. */
  truncate(tokenCount: number): void {
    this.history?.forget(this.cache.tokenCount - tokenCount);
    this.cache.truncate(tokenCount);
  }

  /** The largest next position of any layer: compact eviction moves layers by different distances. */
  get furthestPosition(): number {
    let furthest = 0;
    for (let l = 0; l < this.engine.decoder.config.layerCount; l++) {
      furthest = Math.max(furthest, this.cache.nextPosition(l));
    }
    return furthest;
  }

  /** Tokens that may still be committed before the next boundary. */
  get roomToBoundary(): number {
    return this.compression ? this.compression.interval - this.committedSince : Infinity;
  }

  /** Compresses, if a policy is in charge. */
  async boundary(kind: CompressionRecord["boundary"]): Promise<void> {
    this.committedSince = 0;
    const { compression, cache } = this;
    if (!compression?.isDue()) return;
    const { layerCount } = this.engine.decoder.config;
    await this.#observePast();
    const before = Array.from({ length: layerCount }, (_, l) => cache.nextPosition(l));
    const slotsBefore = slotCount(this.engine.decoder, cache);
    await compression.run(kind);
    const slotsAfter = slotCount(this.engine.decoder, cache);
    if (slotsAfter !== slotsBefore) this.records.push({ boundary: kind, slotsBefore, slotsAfter });
    for (let l = 0; l < layerCount; l++) {
      const delta = cache.nextPosition(l) - (before[l] as number);
      this.history?.shift(l, delta, this.engine.decoder.config.rope);
    }
  }

  /** The same prefix to go on from; policies are put in charge anew. */
  fork(): Sequence {
    return new Sequence(this.engine, this.cache.fork(), this.history?.fork());
  }

  dispose(): void {
    this.cache.dispose();
    this.history?.dispose();
  }

  async #observePast(): Promise<void> {
    const { history, compression } = this;
    if (!history || !compression || !this.#past || this.#past.isEmpty) return;
    for (let l = 0; l < this.engine.decoder.config.layerCount; l++) {
      const signals = await history.signals(l, this.#past, this.cache);
      if (!signals) continue;
      await compression.observe(l, signals, history.firstPosition(l), history.rowCount(l));
    }
  }
}

/** Slots of all layers and heads. */
export function slotCount(decoder: Decoder, cache: Cache): number {
  let slots = 0;
  for (let l = 0; l < decoder.config.layerCount; l++) {
    for (let g = 0; g < decoder.config.kvHeadCount; g++) slots += cache.length(l, g);
  }
  return slots;
}

/** Taps over the last rows are read at a boundary; taps over all rows as they pass. */
function splitNeeds(needs: Needs): { past: Needs; present: Needs } {
  const entries = Object.entries(needs);
  const isPast = ([, tap]: [string, Tap]): boolean =>
    tap.rows === "last" || (typeof tap.rows === "object" && "last" in tap.rows);
  return {
    past: Object.fromEntries(entries.filter(isPast)),
    present: Object.fromEntries(entries.filter((entry) => !isPast(entry))),
  };
}

/** Queries that taps over past rows need. */
export function windowOf(needs: Needs): number {
  const windows = Object.values(needs).map(({ rows }) => {
    if (rows === "last") return 1;
    return typeof rows === "object" && "last" in rows ? rows.last : 0;
  });
  return Math.max(0, ...windows);
}
