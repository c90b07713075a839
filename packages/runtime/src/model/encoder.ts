/**
 * A CLIP-type vision transformer: patches, class token, learned positions, pre-norm blocks.
 *
 * Shapes   pixels [3, E, E] -> hidden [1 + M, C], the class token first; M falls where a step of a token method cuts
 * Stages   `afterAttention` and `afterBlock` of every layer; a map covers image tokens, the class token always stays
 * Cost     per layer O(N C^2 + N^2 C)
 * State    owns weights and scratch
 */
import type { ActivationKind, Backend, Tensor, Weight } from "@frugal/tensor";
import { Scratch } from "./scratch.js";
import type { TapReader } from "./taps.js";
import type { WeightReader } from "./weights.js";

export interface EncoderConfig {
  readonly layerCount: number;
  readonly width: number;
  readonly headCount: number;
  readonly ffnWidth: number;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly channelCount: number;
  readonly normEpsilon: number;
  readonly activation: ActivationKind;
}

/** The tokens of one picture on their way: `rows` of `hidden` are in use. */
export interface EncoderRun {
  hidden: Tensor;
  rows: number;
  /** [rows] log weights of the keys, where merged tokens weigh more. */
  logWeights: Tensor | null;
}

/** Called at each stage; may replace the rows of the run. */
export type EncoderStage = (
  layer: number,
  point: "afterAttention" | "afterBlock",
  run: EncoderRun,
) => Promise<void> | void;

interface Layer {
  readonly norm1: readonly [Tensor, Tensor];
  readonly query: Weight;
  readonly key: Weight;
  readonly value: Weight;
  readonly output: Weight;
  readonly norm2: readonly [Tensor, Tensor];
  readonly up: Weight;
  readonly down: Weight;
}

export class Encoder {
  readonly config: EncoderConfig;
  readonly #backend: Backend;
  readonly #layers: readonly Layer[];
  readonly #patches: Weight;
  readonly #classToken: Tensor;
  readonly #positions: Tensor;
  readonly #preNorm: readonly [Tensor, Tensor];
  readonly #postNorm: readonly [Tensor, Tensor];
  readonly #scratch: Scratch;
  readonly #pixels: Tensor;

  constructor(reader: WeightReader, config: EncoderConfig) {
    const { width: C, ffnWidth: F, patchSize: P, channelCount } = config;
    this.config = config;
    this.#backend = reader.backend;
    const norm = (at: WeightReader, name: string): readonly [Tensor, Tensor] => [
      at.tensor(`${name}.weight`, [C]),
      at.tensor(`${name}.bias`, [C]),
    ];
    const kernel = reader.raw("embeddings.patch_embedding.weight", [C, channelCount, P, P]);
    this.#patches = reader.backend.weight({ ...flat(kernel), dims: [C, channelCount * P * P] });
    this.#classToken = reader.backend.upload({
      ...flat(reader.raw("embeddings.class_embedding", [C])),
      dims: [1, C],
    });
    this.#positions = reader.tensor("embeddings.position_embedding.weight", [
      this.tokenCount + 1,
      C,
    ]);
    this.#preNorm = norm(reader, "pre_layrnorm");
    this.#postNorm = norm(reader, "post_layernorm");
    this.#layers = Array.from({ length: config.layerCount }, (_, i) => {
      const at = reader.under(`encoder.layers.${i}.`);
      return {
        norm1: norm(at, "layer_norm1"),
        query: at.linear("self_attn.q_proj", C, C),
        key: at.linear("self_attn.k_proj", C, C),
        value: at.linear("self_attn.v_proj", C, C),
        output: at.linear("self_attn.out_proj", C, C),
        norm2: norm(at, "layer_norm2"),
        up: at.linear("mlp.fc1", F, C),
        down: at.linear("mlp.fc2", C, F),
      };
    });
    const widths = {
      normed: C,
      query: C,
      key: C,
      value: C,
      heads: C,
      sublayer: C,
      up: F,
      patches: C,
    };
    this.#scratch = new Scratch(this.#backend, widths);
    const { imageSize: E } = config;
    this.#pixels = this.#backend.empty([channelCount, E, E]);
  }

  /** Image tokens N, without the class token. */
  get tokenCount(): number {
    return this.gridSide ** 2;
  }

  get gridSide(): number {
    return Math.floor(this.config.imageSize / this.config.patchSize);
  }

  /** The residual stream after the first `layers` layers; the caller disposes `run.hidden` and `run.logWeights`. */
  async run(
    pixels: Float32Array,
    layers: number,
    taps: TapReader | undefined,
    stage: EncoderStage | undefined,
  ): Promise<EncoderRun> {
    const run = this.#embed(pixels);
    try {
      for (let l = 0; l < layers; l++) {
        taps?.give("hidden", l, run.hidden, 0, run.rows);
        this.#attention(l, run, taps);
        await stage?.(l, "afterAttention", run);
        this.#feedForward(l, run, taps);
        await stage?.(l, "afterBlock", run);
      }
      taps?.give("hidden", layers, run.hidden, 0, run.rows);
    } catch (error) {
      run.hidden.dispose();
      run.logWeights?.dispose();
      throw error;
    }
    return run;
  }

  /** The class token of a finished run behind the last norm [C]. */
  async pooled(run: EncoderRun): Promise<Float32Array> {
    const { width, normEpsilon } = this.config;
    const out = this.#scratch.get("normed");
    const [gain, bias] = this.#postNorm;
    this.#backend.layerNorm(run.hidden, gain, bias, normEpsilon, out, 1);
    return (await this.#backend.read(out, 0, width)) as Float32Array;
  }

  dispose(): void {
    this.#scratch.dispose();
    const norms = this.#layers.flatMap(({ norm1, norm2 }) => [...norm1, ...norm2]);
    const products = this.#layers.flatMap((l) => [l.query, l.key, l.value, l.output, l.up, l.down]);
    for (const part of [...norms, ...products, ...this.#preNorm, ...this.#postNorm]) part.dispose();
    for (const part of [this.#patches, this.#classToken, this.#positions, this.#pixels])
      part.dispose();
  }

  #embed(pixels: Float32Array): EncoderRun {
    const backend = this.#backend;
    const { width, patchSize, normEpsilon } = this.config;
    const rows = this.tokenCount + 1;
    this.#scratch.ensure(rows);
    const patches = this.#scratch.get("patches");
    const hidden = backend.empty([rows, width]);
    backend.write(this.#pixels, pixels);
    backend.patchEmbed(this.#pixels, this.#patches, patchSize, patches);
    backend.gather(this.#classToken, Uint32Array.of(0), hidden);
    const order = Uint32Array.from({ length: rows - 1 }, (_, i) => i);
    backend.gather(patches, order, hidden, 1);
    backend.add(hidden, this.#positions, hidden, rows);
    const [gain, bias] = this.#preNorm;
    backend.layerNorm(hidden, gain, bias, normEpsilon, hidden, rows);
    return { hidden, rows, logWeights: null };
  }

  #attention(l: number, run: EncoderRun, taps: TapReader | undefined): void {
    const backend = this.#backend;
    const { headCount, normEpsilon, width } = this.config;
    const layer = this.#layers[l] as Layer;
    const at = (name: string): Tensor => this.#scratch.get(name);
    const [normed, query, key] = [at("normed"), at("query"), at("key")];
    const [value, heads, sublayer] = [at("value"), at("heads"), at("sublayer")];
    const { hidden, rows, logWeights } = run;
    backend.layerNorm(hidden, ...layer.norm1, normEpsilon, normed, rows);
    backend.linear(normed, layer.query, query, rows);
    backend.linear(normed, layer.key, key, rows);
    backend.linear(normed, layer.value, value, rows);
    const dense = {
      kind: "dense",
      keys: key,
      values: value,
      count: rows,
      kvHeadCount: headCount,
    } as const;
    const call = {
      query,
      firstRow: 0,
      rows,
      headCount,
      headWidth: width / headCount,
      source: logWeights ? { ...dense, logWeights } : dense,
      mask: { kind: "none" },
      scale: 1 / Math.sqrt(width / headCount),
    } as const;
    backend.attention(call, { out: heads });
    backend.linear(heads, layer.output, sublayer, rows);
    if (taps?.wants(l)) {
      taps.give("attentionInput", l, normed, 0, rows);
      taps.give("query", l, query, 0, rows, headCount);
      taps.give("key", l, key, 0, rows, headCount);
      taps.give("value", l, value, 0, rows, headCount);
      taps.give("headOutput", l, heads, 0, rows, headCount);
      taps.give("attentionOutput", l, sublayer, 0, rows);
      taps.attention(l, call, rows);
    }
    backend.add(hidden, sublayer, hidden, rows);
  }

  #feedForward(l: number, run: EncoderRun, taps: TapReader | undefined): void {
    const backend = this.#backend;
    const layer = this.#layers[l] as Layer;
    const { hidden, rows } = run;
    const [normed, up] = [this.#scratch.get("normed"), this.#scratch.get("up")];
    const sublayer = this.#scratch.get("sublayer");
    backend.layerNorm(hidden, ...layer.norm2, this.config.normEpsilon, normed, rows);
    backend.linear(normed, layer.up, up, rows);
    backend.activation(this.config.activation, up, up, rows);
    backend.linear(up, layer.down, sublayer, rows);
    if (taps?.wants(l)) {
      taps.give("ffnInput", l, normed, 0, rows);
      taps.give("ffnActivation", l, up, 0, rows);
      taps.give("ffnOutput", l, sublayer, 0, rows);
    }
    backend.add(hidden, sublayer, hidden, rows);
  }
}

const flat = ({
  type,
  location,
  data,
}: {
  type: "float32" | string;
  location: string;
  data: ArrayBufferView;
}) => ({ type, location, data }) as { type: "float32"; location: "cpu"; data: ArrayBufferView };
