/**
 * A Llama-type decoder: grouped-query attention with rotary positions, gated feed-forward, RMS norms.
 *
 * Shapes   hidden [S, C]; a pass runs layers `fromLayer .. toLayer` over the rows of one or more caches
 * Cost     per layer O(S C^2 + S T D H); nothing is allocated per step beyond small call objects
 * State    owns weights and scratch; caches belong to the caller. From `reserve` to the last `logits` or read of a step nothing
 *          may be awaited: steps of several callers share the scratch
 */
import type { Backend, Tensor, Weight } from "@frugal/tensor";
import { ropeAngles } from "@frugal/tensor/rope";
import { type DecoderConfig, type DecoderLayer, readLayers } from "./decoder-layer.js";
import { longest, maskOf, type PassGroup, type QueryListener, tapEach } from "./pass-group.js";
import { Scratch } from "./scratch.js";
import type { WeightReader } from "./weights.js";

export type { DecoderConfig } from "./decoder-layer.js";
export type { PassGroup, QueryListener } from "./pass-group.js";

export class Decoder {
  readonly config: DecoderConfig;
  readonly #backend: Backend;
  readonly #layers: readonly DecoderLayer[];
  readonly #finalNorm: Tensor;
  readonly #embedding: Weight;
  readonly #head: Weight;
  readonly #scratch: Scratch;
  #logits: Tensor | undefined;
  /** Where the rows of each group began in the layer that `#positions` was made for. */
  readonly #bases: number[] = [];
  #positions = new Int32Array(0);
  #angles = new Float32Array(0);

  constructor(reader: WeightReader, head: WeightReader, config: DecoderConfig) {
    const { width: C, headWidth: D, ffnWidth: F } = config;
    const queryWidth = config.queryHeadCount * D;
    const kvWidth = config.kvHeadCount * D;
    this.config = config;
    this.#backend = reader.backend;
    this.#layers = readLayers(reader, config);
    this.#finalNorm = reader.tensor("norm.weight", [C]);
    this.#embedding = reader.table("embed_tokens", config.vocabularySize, C);
    this.#head = config.isTied ? this.#embedding : head.linear("lm_head", config.vocabularySize, C);
    this.#scratch = new Scratch(this.#backend, {
      hidden: C,
      normed: C,
      query: queryWidth,
      key: kvWidth,
      value: kvWidth,
      heads: queryWidth,
      sublayer: C,
      gate: F,
      up: F,
      angles: D,
    });
  }

  /** The residual stream [R, C] of the coming or the last pass. */
  get hidden(): Tensor {
    return this.#scratch.get("hidden");
  }

  /** Makes room for `rows`; what `hidden` held may be lost. */
  reserve(rows: number): void {
    this.#scratch.ensure(rows);
    if (this.#positions.length < rows) {
      this.#positions = new Int32Array(rows * 2);
      this.#angles = new Float32Array(rows * 2 * this.config.headWidth);
    }
  }

  /** Embeddings of `tokens` into `out` from row `outRow` on. */
  embed(tokens: Uint32Array, out: Tensor = this.hidden, outRow = 0): void {
    this.#backend.gather(this.#embedding, tokens, out, outRow);
  }

  /** Runs layers over `hidden` in place; the caches of these layers grow by the rows of their groups. */
  pass(
    groups: readonly PassGroup[],
    fromLayer: number,
    toLayer: number,
    listener?: QueryListener,
  ): void {
    const rows = groups.reduce((sum, group) => sum + group.rows, 0);
    for (let l = fromLayer; l < toLayer; l++) {
      if (l === fromLayer || this.#moved(groups, l)) this.#rotateTo(groups, l, rows);
      this.#attention(l, groups, rows, listener);
      this.#feedForward(l, groups, rows);
    }
    tapEach(groups, toLayer, (taps, first, count) => {
      taps.left(toLayer, this.hidden, first, count);
    });
  }

  /**
   * Logits [count, V] of rows `first .. first + count` of `hidden`, after the final norm; without `out` valid until the next
   * call. Nothing may be awaited between a pass and this: the passes of other sequences write to the same `hidden`.
   */
  logits(first: number, count: number, out: Tensor = this.#roomFor(count)): Tensor {
    this.#backend.linear(this.normed(first, count), this.#head, out, count);
    return out;
  }

  /** Rows `first .. first + count` after the final norm, at the head of a scratch tensor. */
  normed(first: number, count: number): Tensor {
    const normed = this.#scratch.get("normed");
    const source = first === 0 ? this.hidden : this.#scratch.get("sublayer");
    if (first > 0) {
      const chosen = Uint32Array.from({ length: count }, (_, i) => first + i);
      this.#backend.gather(this.hidden, chosen, source);
    }
    this.#backend.rmsNorm(source, this.#finalNorm, this.config.normEpsilon, normed, count);
    return normed;
  }

  dispose(): void {
    this.#scratch.dispose();
    this.#logits?.dispose();
    this.#finalNorm.dispose();
    if (this.#head !== this.#embedding) this.#head.dispose();
    this.#embedding.dispose();
    for (const layer of this.#layers) for (const part of Object.values(layer)) part.dispose();
  }

  #roomFor(count: number): Tensor {
    if (this.#logits && (this.#logits.dims[0] as number) >= count) return this.#logits;
    this.#logits?.dispose();
    this.#logits = this.#backend.empty([count, this.config.vocabularySize]);
    return this.#logits;
  }

  /** Whether a cache's layer goes on at another position than the layer before did (after compact eviction). */
  #moved(groups: readonly PassGroup[], layer: number): boolean {
    for (let i = 0; i < groups.length; i++) {
      const { cache, positions } = groups[i] as PassGroup;
      if (!positions && cache.nextPosition(layer) !== this.#bases[i]) return true;
    }
    return false;
  }

  #rotateTo(groups: readonly PassGroup[], layer: number, rows: number): void {
    let first = 0;
    for (const [index, group] of groups.entries()) {
      const base = group.cache.nextPosition(layer);
      this.#bases[index] = base;
      for (let r = 0; r < group.rows; r++) {
        this.#positions[first + r] = group.positions
          ? (group.positions[r] as number)
          : base + (group.depths ? (group.depths[r] as number) : r);
      }
      first += group.rows;
    }
    const { headWidth, rope } = this.config;
    const angles = this.#angles.subarray(0, rows * headWidth);
    ropeAngles(rope, this.#positions.subarray(0, rows), angles);
    this.#backend.write(this.#scratch.get("angles"), angles);
  }

  #attention(
    l: number,
    groups: readonly PassGroup[],
    rows: number,
    listener: QueryListener | undefined,
  ): void {
    const backend = this.#backend;
    const { headWidth, queryHeadCount, kvHeadCount, normEpsilon } = this.config;
    const isTapped = groups.some(({ taps }) => taps?.wants(l));
    const layer = this.#layers[l] as DecoderLayer;
    const at = (name: string): Tensor => this.#scratch.get(name);
    const [hidden, normed, query, key] = [at("hidden"), at("normed"), at("query"), at("key")];
    const [value, heads, sublayer, angles] = [
      at("value"),
      at("heads"),
      at("sublayer"),
      at("angles"),
    ];

    if (isTapped)
      tapEach(groups, l, (taps, first, count) => {
        taps.give("hidden", l, hidden, first, count);
      });
    backend.rmsNorm(hidden, layer.attentionNorm, normEpsilon, normed, rows);
    backend.linear(normed, layer.query, query, rows);
    backend.linear(normed, layer.key, key, rows);
    backend.linear(normed, layer.value, value, rows);
    if (isTapped)
      tapEach(groups, l, (taps, first, count) => {
        taps.give("attentionInput", l, normed, first, count);
        taps.give("queryBeforeRope", l, query, first, count, queryHeadCount);
        taps.give("keyBeforeRope", l, key, first, count, kvHeadCount);
        taps.give("value", l, value, first, count, kvHeadCount);
      });
    backend.rope(query, angles, queryHeadCount, rows);
    backend.rope(key, angles, kvHeadCount, rows);
    if (isTapped)
      tapEach(groups, l, (taps, first, count) => {
        taps.give("query", l, query, first, count, queryHeadCount);
        taps.give("key", l, key, first, count, kvHeadCount);
      });

    let first = 0;
    for (const group of groups) {
      const positions = this.#positions.subarray(first, first + group.rows);
      const { cache, origins } = group;
      const grown = { keys: key, values: value, firstRow: first, rows: group.rows, positions };
      cache.append(l, origins ? { ...grown, origins } : grown);
      listener?.(l, query, first, group, positions);
      const call = {
        query,
        firstRow: first,
        rows: group.rows,
        headCount: queryHeadCount,
        headWidth,
        source: { kind: "runs", runs: cache.runs(l) },
        mask: maskOf(group, positions),
        scale: 1 / Math.sqrt(headWidth),
      } as const;
      backend.attention(call, { out: heads });
      if (group.taps?.wants(l)) group.taps.attention(l, call, longest(cache, l, kvHeadCount));
      first += group.rows;
    }
    backend.linear(heads, layer.output, sublayer, rows);
    if (isTapped)
      tapEach(groups, l, (taps, from, count) => {
        taps.give("headOutput", l, heads, from, count, queryHeadCount);
        taps.give("attentionOutput", l, sublayer, from, count);
      });
    backend.add(hidden, sublayer, hidden, rows);
  }

  #feedForward(l: number, groups: readonly PassGroup[], rows: number): void {
    const backend = this.#backend;
    const layer = this.#layers[l] as DecoderLayer;
    const at = (name: string): Tensor => this.#scratch.get(name);
    const [hidden, normed, gate] = [at("hidden"), at("normed"), at("gate")];
    const [up, sublayer] = [at("up"), at("sublayer")];
    backend.rmsNorm(hidden, layer.ffnNorm, this.config.normEpsilon, normed, rows);
    backend.linear(normed, layer.gate, gate, rows);
    backend.linear(normed, layer.up, up, rows);
    backend.activation(this.config.activation, gate, gate, rows);
    backend.multiply(gate, up, gate, rows);
    backend.linear(gate, layer.down, sublayer, rows);
    if (groups.some(({ taps }) => taps?.wants(l)))
      tapEach(groups, l, (taps, first, count) => {
        taps.give("ffnInput", l, normed, first, count);
        taps.give("ffnActivation", l, gate, first, count);
        taps.give("ffnOutput", l, sublayer, first, count);
      });
    backend.add(hidden, sublayer, hidden, rows);
  }
}
