/**
 * Pictures to image tokens: encoder, projector and the stages in between, under one token method.
 *
 * Shapes   pixels [3, E, E] f32 -> features [M, C] of the text model, on the back end
 * Cost     the encoder's; methods add what they say themselves
 * State    owns the projector's weights; an `ImageTokens` belongs to the caller
 */
import {
  type Backend,
  type Floats,
  floats,
  type ModelShape,
  type Random,
  type Signals,
  type Tap,
  type Tensor,
  type Weight,
} from "@frugal/tensor";
import type { TokenMethod, TokenState } from "@frugal/vision-token-pruning";
import type { Encoder, EncoderRun, EncoderStage } from "../model/encoder.js";
import { TapPlan } from "../model/tap-plan.js";
import { TapReader } from "../model/taps.js";
import type { WeightReader } from "../model/weights.js";
import { atHand, encoderTaps, ImageSession, logSizes, mapRows } from "./session.js";

export interface VisionConfig {
  /** Encoder layers that run; the projector reads what the last of them gives. */
  readonly featureLayers: number;
  /** Whether the class token is dropped before the projector. */
  readonly dropsClassToken: boolean;
  readonly activation: "gelu" | "geluTanh" | "relu" | "silu";
  readonly textWidth: number;
}

export interface ImageTokens {
  /** [M, C], projected and past the method's `prompt` stage. */
  readonly features: Tensor;
  readonly session: ImageSession;
  /** Which of the N tokens each stands for, sizes and positions; relative to the image's first token. */
  readonly state: TokenState;
  readonly encodeMs: number;
}

export interface EncodeRequest {
  readonly method?: TokenMethod | undefined;
  readonly textTokenCount: number;
  readonly imageStart: number;
  readonly random: Random;
}

export class Vision {
  readonly encoder: Encoder;
  readonly config: VisionConfig;
  readonly #backend: Backend;
  readonly #first: Weight;
  readonly #second: Weight;
  readonly #shape: ModelShape;

  constructor(reader: WeightReader, encoder: Encoder, config: VisionConfig, shape: ModelShape) {
    const { textWidth: C } = config;
    this.encoder = encoder;
    this.config = config;
    this.#backend = reader.backend;
    this.#shape = shape;
    this.#first = reader.linear("linear_1", C, encoder.config.width);
    this.#second = reader.linear("linear_2", C, C);
  }

  async encode(pixels: Float32Array, request: EncodeRequest): Promise<ImageTokens> {
    const started = performance.now();
    const session = this.#open(request);
    const { run, signals } = await this.#encoded(pixels, session);
    try {
      await this.#featureStage(session, run, signals);
      const projected = this.#project(run);
      const features = await this.#promptStage(session, projected, signals);
      return { features, session, state: session.state, encodeMs: performance.now() - started };
    } finally {
      run.hidden.dispose();
      run.logWeights?.dispose();
    }
  }

  /** The encoder alone: rows [1 + N, C], the pooled class token [C], and any taps of the encoder. */
  async look(
    pixels: Float32Array,
    needs: Readonly<Record<string, Tap>> = {},
    method?: TokenMethod,
    random?: Random,
  ): Promise<{
    features: Floats;
    pooled: Floats;
    projected: Floats;
    signals: Signals;
    state: TokenState;
  }> {
    const request = { method, textTokenCount: 0, imageStart: 0, random: random as Random };
    const session = this.#open(request);
    const { run, signals } = await this.#encoded(pixels, session, needs, true);
    const { width } = this.encoder.config;
    const projected = this.#project(run);
    const tokens = projected.dims[0] as number;
    const reading = Promise.all([
      this.encoder.pooled(run),
      this.#backend.read(run.hidden, 0, run.rows * width),
      this.#backend.read(projected),
    ]);
    for (const tensor of [projected, run.hidden, run.logWeights]) tensor?.dispose();
    const [pooled, rows, data] = (await reading) as Float32Array[] as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    return {
      features: floats([run.rows, width], rows),
      pooled: floats([width], pooled),
      projected: floats([tokens, this.config.textWidth], data),
      signals,
      state: session.state,
    };
  }

  dispose(): void {
    this.encoder.dispose();
    this.#first.dispose();
    this.#second.dispose();
  }

  #open({ method, textTokenCount, imageStart, random }: EncodeRequest): ImageSession {
    const side = this.encoder.gridSide;
    const { encoder } = this.#shape;
    return new ImageSession(method, {
      model: encoder
        ? { ...this.#shape, encoder: { ...encoder, layerCount: this.config.featureLayers } }
        : this.#shape,
      tokenCount: this.encoder.tokenCount,
      grid: { rows: side, columns: side },
      frames: 1,
      crops: [],
      textTokenCount,
      imageStart,
      random,
      extras: {
        project: async (features) => {
          const rows = this.#backend.upload(features);
          const out = this.#product(rows, features.dims[0] as number);
          const data = (await this.#backend.read(out)) as Float32Array;
          rows.dispose();
          out.dispose();
          return floats(out.dims, data);
        },
      },
    });
  }

  async #encoded(
    pixels: Float32Array,
    session: ImageSession,
    more: Readonly<Record<string, Tap>> = {},
    whole = false,
  ): Promise<{ run: EncoderRun; signals: Signals }> {
    const { layerCount } = this.encoder.config;
    const layers = whole ? layerCount : this.config.featureLayers;
    const plan = new TapPlan({ ...encoderTaps(session), ...more }, "encoder", layers);
    const taps = plan.isEmpty ? undefined : new TapReader(plan, this.#backend);
    const stage: EncoderStage = async (layer, point, run) => {
      const at = { at: "encoder", layer, point } as const;
      if (!session.hasStage(at)) return;
      const own = session.needsAt(at, "encoder");
      const signals = (await taps?.signals((name) => name in own)) ?? {};
      await session.act(at, signals, (map) => {
        const hidden = mapRows(this.#backend, run.hidden, 1, map);
        run.hidden.dispose();
        run.hidden = hidden;
        run.rows = 1 + map.matrix.rowCount;
        session.isProportional = map.proportional ?? false;
      });
      run.logWeights?.dispose();
      run.logWeights = session.isProportional ? logSizes(this.#backend, session.state, 1) : null;
    };
    const run = await this.encoder.run(pixels, layers, taps, stage);
    try {
      return { run, signals: (await taps?.signals()) ?? {} };
    } catch (error) {
      run.hidden.dispose();
      run.logWeights?.dispose();
      throw error;
    }
  }

  async #featureStage(session: ImageSession, run: EncoderRun, signals: Signals): Promise<void> {
    const at = { at: "features" } as const;
    if (!session.hasStage(at)) return;
    const { width } = this.encoder.config;
    const data = (await this.#backend.read(
      run.hidden,
      width,
      (run.rows - 1) * width,
    )) as Float32Array;
    const rows = floats([run.rows - 1, width], data);
    const own = atHand(session.needsAt(at, "encoder"), "hidden", rows);
    await session.act(at, { ...signals, ...own }, (map) => {
      const hidden = mapRows(this.#backend, run.hidden, 1, map);
      run.hidden.dispose();
      run.hidden = hidden;
      run.rows = 1 + map.matrix.rowCount;
    });
  }

  async #promptStage(session: ImageSession, projected: Tensor, signals: Signals): Promise<Tensor> {
    const at = { at: "prompt" } as const;
    if (!session.hasStage(at)) return projected;
    const needs = session.needsAt(at, "projector");
    let features = projected;
    try {
      let own: Signals = {};
      if (Object.keys(needs).length) {
        const data = (await this.#backend.read(projected)) as Float32Array;
        own = atHand(needs, "hidden", floats(projected.dims, data));
      }
      await session.act(at, { ...signals, ...own }, (map) => {
        const next = mapRows(this.#backend, features, 0, map);
        features.dispose();
        features = next;
      });
    } catch (error) {
      features.dispose();
      throw error;
    }
    return features;
  }

  /** Image tokens through the projector; the class token goes first. */
  #project(run: EncoderRun): Tensor {
    const lead = this.config.dropsClassToken ? 1 : 0;
    const count = run.rows - lead;
    const tokens = this.#backend.empty([count, this.encoder.config.width]);
    this.#backend.gather(
      run.hidden,
      Uint32Array.from({ length: count }, (_, i) => i + lead),
      tokens,
    );
    const out = this.#product(tokens, count);
    tokens.dispose();
    return out;
  }

  #product(tokens: Tensor, count: number): Tensor {
    const backend = this.#backend;
    const middle = backend.empty([count, this.config.textWidth]);
    const out = backend.empty([count, this.config.textWidth]);
    backend.linear(tokens, this.#first, middle, count);
    backend.activation(this.config.activation, middle, middle, count);
    backend.linear(middle, this.#second, out, count);
    middle.dispose();
    return out;
  }
}
