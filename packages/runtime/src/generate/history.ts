/**
 * The last w committed queries of every layer: a tap over past rows reads them, so that a chunked prefill feeds a scorer
 * what a whole one would.
 *
 * Shapes   per layer up to 2 w + one step of rows [H * D] on the back end
 * Cost     one row copy a layer and row, two where the last w move to the front; a tap at a boundary recomputes scores for w
 *          rows over T slots; nothing is allocated but for a tree larger than any before
 * State    owned by the sequence; `commit` after a tree step, `shift` after positions moved, `forget` after the cache was cut,
 *          `dispose` frees
 */
import type { Cache } from "@frugal/kv-cache";
import type { AttentionCall, Backend, Signals, Tensor } from "@frugal/tensor";
import { type Rope, ropeAngles } from "@frugal/tensor/rope";
import type { DecoderConfig, QueryListener } from "../model/decoder.js";
import type { TapPlan } from "../model/tap-plan.js";
import { TapReader } from "../model/taps.js";

interface LayerHistory {
  rows: Tensor;
  count: number;
  positions: Int32Array;
  /** Rows of a tree step that wait for `commit`: room for the largest tree so far. */
  pending: Tensor | null;
  pendingPositions: Int32Array;
  isPending: boolean;
}

export class QueryHistory {
  readonly window: number;
  readonly #backend: Backend;
  readonly #config: DecoderConfig;
  readonly #layers: LayerHistory[];
  /** Changes places with a layer's rows when its last w move to the front. */
  #spare: Tensor | undefined;

  constructor(backend: Backend, config: DecoderConfig, window: number) {
    this.window = window;
    this.#backend = backend;
    this.#config = config;
    this.#layers = Array.from({ length: config.layerCount }, () => ({
      rows: backend.empty([2 * window, config.queryHeadCount * config.headWidth]),
      count: 0,
      positions: new Int32Array(2 * window),
      pending: null,
      pendingPositions: new Int32Array(0),
      isPending: false,
    }));
  }

  /** Hand this to every pass. A chain is remembered at once; a tree waits for `commit`. */
  readonly listener: QueryListener = (layer, query, firstRow, group, positions) => {
    const own = this.#layers[layer] as LayerHistory;
    if (group.parents) {
      this.#hold(own, query, span(firstRow, group.rows), positions);
      return;
    }
    const taken = Math.min(group.rows, this.window);
    const skipped = group.rows - taken;
    this.#remember(own, query, span(firstRow + skipped, taken), positions.subarray(skipped));
  };

  commit(rows: readonly number[]): void {
    for (const own of this.#layers) {
      if (!own.isPending || !own.pending) continue;
      const taken = Uint32Array.from(rows.slice(-this.window));
      const positions = Int32Array.from(taken, (row) => own.pendingPositions[row] as number);
      this.#remember(own, own.pending, taken, positions);
      own.isPending = false;
    }
  }

  /** The newest `rows` never were: their tokens have been cut from the cache. */
  forget(rows: number): void {
    for (const own of this.#layers) {
      own.count = Math.max(0, own.count - rows);
      own.isPending = false;
    }
  }

  /** Signals of one layer over the cache as it stands; undefined before the first row. */
  async signals(layer: number, plan: TapPlan, cache: Cache): Promise<Signals | undefined> {
    const own = this.#layers[layer] as LayerHistory;
    const rows = Math.min(own.count, this.window);
    if (rows === 0) return undefined;
    const first = own.count - rows;
    const { headWidth, queryHeadCount, kvHeadCount } = this.#config;
    let columns = 0;
    for (let head = 0; head < kvHeadCount; head++) {
      columns = Math.max(columns, cache.length(layer, head));
    }
    const call: AttentionCall = {
      query: own.rows,
      firstRow: first,
      rows,
      headCount: queryHeadCount,
      headWidth,
      source: { kind: "runs", runs: cache.runs(layer) },
      mask: { kind: "position", positions: own.positions.slice(first, own.count) },
      scale: 1 / Math.sqrt(headWidth),
    };
    const reader = new TapReader(plan, this.#backend);
    reader.attention(layer, call, columns);
    return (await reader.byLayer()).get(layer) ?? {};
  }

  firstPosition(layer: number): number {
    const own = this.#layers[layer] as LayerHistory;
    return own.positions[Math.max(0, own.count - this.window)] ?? 0;
  }

  rowCount(layer: number): number {
    return Math.min((this.#layers[layer] as LayerHistory).count, this.window);
  }

  /** The remembered rows of a layer moved by `delta` positions: their rotations follow. */
  shift(layer: number, delta: number, rope: Rope): void {
    const own = this.#layers[layer] as LayerHistory;
    if (delta === 0 || own.count === 0) return;
    const { headWidth, queryHeadCount } = this.#config;
    const deltas = new Int32Array(own.count).fill(delta);
    const data = ropeAngles(rope, deltas, undefined, { scaled: false });
    const dims = [own.count, headWidth];
    const angles = this.#backend.upload({ type: "float32", dims, location: "cpu", data });
    this.#backend.rope(own.rows, angles, queryHeadCount, own.count);
    angles.dispose();
    for (let i = 0; i < own.count; i++) own.positions[i] = (own.positions[i] as number) + delta;
  }

  fork(): QueryHistory {
    const copy = new QueryHistory(this.#backend, this.#config, this.window);
    this.#layers.forEach((own, layer) => {
      const to = copy.#layers[layer] as LayerHistory;
      this.#backend.gather(own.rows, span(0, own.count), to.rows);
      to.count = own.count;
      to.positions.set(own.positions);
    });
    return copy;
  }

  dispose(): void {
    for (const own of this.#layers) {
      own.rows.dispose();
      own.pending?.dispose();
      own.pending = null;
    }
    this.#spare?.dispose();
    this.#spare = undefined;
  }

  #hold(own: LayerHistory, query: Tensor, rows: Uint32Array, positions: Int32Array): void {
    const held = own.pending?.dims[0] ?? 0;
    if (!own.pending || held < rows.length) {
      const room = Math.max(rows.length, 2 * held);
      own.pending?.dispose();
      own.pending = this.#backend.empty([room, query.dims[1] as number]);
      own.pendingPositions = new Int32Array(room);
    }
    this.#backend.gather(query, rows, own.pending);
    own.pendingPositions.set(positions);
    own.isPending = true;
  }

  /** Appends rows; when there is no room the last ones move to the front. */
  #remember(own: LayerHistory, from: Tensor, rows: Uint32Array, positions: Int32Array): void {
    if (own.count + rows.length > 2 * this.window) {
      const kept = Math.max(0, Math.min(own.count, this.window - rows.length));
      const fresh = this.#spare ?? this.#backend.empty(own.rows.dims);
      if (kept > 0) this.#backend.gather(own.rows, span(own.count - kept, kept), fresh);
      own.positions.copyWithin(0, own.count - kept, own.count);
      this.#spare = own.rows;
      own.rows = fresh;
      own.count = kept;
    }
    this.#backend.gather(from, rows, own.rows, own.count);
    own.positions.set(positions, own.count);
    own.count += rows.length;
  }
}

const span = (first: number, count: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => first + i);
