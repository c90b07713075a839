/**
 * A Llama-type decoder: grouped-query attention with rotary positions, gated feed-forward, RMS norms.
 *
 * Shapes   hidden [S, C]; a pass runs layers `fromLayer .. toLayer` over the rows of one or more caches
 * Cost     per layer O(S C^2 + S T D H); nothing is allocated per step beyond small call objects
 * State    owns weights and scratch; caches belong to the caller
 */
import type { Cache } from "@frugal/kv-cache";
import type { AttentionMask, Backend, Tensor, Weight } from "@frugal/tensor";
import { type Rope, ropeAngles } from "@frugal/tensor/rope";
import { Scratch } from "./scratch.js";
import type { TapReader } from "./taps.js";
import type { WeightReader } from "./weights.js";

export interface DecoderConfig {
  readonly layerCount: number;
  readonly width: number;
  readonly queryHeadCount: number;
  readonly kvHeadCount: number;
  readonly headWidth: number;
  readonly ffnWidth: number;
  readonly vocabularySize: number;
  readonly normEpsilon: number;
  readonly activation: "silu" | "gelu" | "geluTanh" | "relu";
  readonly rope: Rope;
  readonly maxPositions: number;
  readonly isTied: boolean;
}

/** Rows of one cache within a pass. Positions are the layer's next ones unless given. */
export interface PassGroup {
  readonly cache: Cache;
  readonly rows: number;
  readonly parents?: Int32Array;
  /** [rows] distance of each row from the cache's next position; default 0, 1, 2, ... (depth in a tree). */
  readonly depths?: Int32Array;
  readonly positions?: Int32Array;
  readonly origins?: Int32Array;
  readonly taps?: TapReader;
}

/** Called with each layer's rotated queries before attention: what a later tap over past rows needs. */
export type QueryListener = (
  layer: number,
  query: Tensor,
  firstRow: number,
  group: PassGroup,
  positions: Int32Array,
) => void;

interface Layer {
  readonly attentionNorm: Tensor;
  readonly query: Weight;
  readonly key: Weight;
  readonly value: Weight;
  readonly output: Weight;
  readonly ffnNorm: Tensor;
  readonly gate: Weight;
  readonly up: Weight;
  readonly down: Weight;
}

export class Decoder {
  readonly config: DecoderConfig;
  readonly #backend: Backend;
  readonly #layers: readonly Layer[];
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
    this.#layers = Array.from({ length: config.layerCount }, (_, i) => {
      const at = reader.under(`layers.${i}.`);
      return {
        attentionNorm: at.tensor("input_layernorm.weight", [C]),
        query: at.linear("self_attn.q_proj", queryWidth, C),
        key: at.linear("self_attn.k_proj", kvWidth, C),
        value: at.linear("self_attn.v_proj", kvWidth, C),
        output: at.linear("self_attn.o_proj", C, queryWidth),
        ffnNorm: at.tensor("post_attention_layernorm.weight", [C]),
        gate: at.linear("mlp.gate_proj", F, C),
        up: at.linear("mlp.up_proj", F, C),
        down: at.linear("mlp.down_proj", C, F),
      };
    });
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
    if (toLayer === this.config.layerCount) tapHidden(groups, this.hidden, toLayer);
  }

  /** Logits [count, V] of rows `first .. first + count` of `hidden`, after the final norm; valid until the next call. */
  logits(first: number, count: number): Tensor {
    const backend = this.#backend;
    if (!this.#logits || (this.#logits.dims[0] as number) < count) {
      this.#logits?.dispose();
      this.#logits = backend.empty([count, this.config.vocabularySize]);
    }
    const normed = this.normed(first, count);
    backend.linear(normed, this.#head, this.#logits, count);
    return this.#logits;
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
    const layer = this.#layers[l] as Layer;
    const at = (name: string): Tensor => this.#scratch.get(name);
    const [hidden, normed, query, key] = [at("hidden"), at("normed"), at("query"), at("key")];
    const [value, heads, sublayer, angles] = [
      at("value"),
      at("heads"),
      at("sublayer"),
      at("angles"),
    ];

    if (isTapped) tapHidden(groups, hidden, l);
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
    const layer = this.#layers[l] as Layer;
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

function maskOf(group: PassGroup, positions: Int32Array): AttentionMask {
  return group.parents
    ? { kind: "tree", parents: group.parents, positions }
    : { kind: "causal", positions };
}

function longest(cache: Cache, layer: number, kvHeadCount: number): number {
  let length = 0;
  for (let head = 0; head < kvHeadCount; head++) {
    length = Math.max(length, cache.length(layer, head));
  }
  return length;
}

function tapHidden(groups: readonly PassGroup[], hidden: Tensor, layer: number): void {
  tapEach(groups, layer, (taps, first, count) => {
    taps.give("hidden", layer, hidden, first, count);
  });
}

function tapEach(
  groups: readonly PassGroup[],
  layer: number,
  give: (taps: TapReader, first: number, count: number) => void,
): void {
  let first = 0;
  for (const { taps, rows } of groups) {
    if (taps?.wants(layer)) give(taps, first, rows);
    first += rows;
  }
}
