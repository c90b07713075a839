/** A decoder small enough to check by hand: three layers, four query heads over two kv heads, seeded weights. */
import { createCache } from "@frugal/kv-cache";
import {
  type Backend,
  createRandom,
  type Floats,
  floats,
  type KvFormat,
  type TensorLike,
} from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { ropeAngles, ropeFrequencies } from "@frugal/tensor/rope";
import type { Engine } from "../src/generate/engine.js";
import { Decoder, type DecoderConfig } from "../src/model/decoder.js";
import { WeightReader } from "../src/model/weights.js";

export const TINY: DecoderConfig = {
  layerCount: 3,
  width: 8,
  queryHeadCount: 4,
  kvHeadCount: 2,
  headWidth: 4,
  ffnWidth: 12,
  vocabularySize: 20,
  normEpsilon: 1e-5,
  activation: "silu",
  rope: ropeFrequencies({ theta: 100, headWidth: 4 }),
  maxPositions: 512,
  isTied: true,
};

export function tinyCheckpoint(seed = 1): Map<string, TensorLike> {
  const random = createRandom(seed);
  const { width: C, ffnWidth: F, vocabularySize: V, layerCount } = TINY;
  const tensors = new Map<string, TensorLike>();
  const add = (name: string, dims: readonly number[], mean = 0): void => {
    const data = Float32Array.from(
      { length: dims.reduce((a, b) => a * b, 1) },
      () => mean + 1.6 * (random.next() - 0.5),
    );
    tensors.set(`${name}.weight`, floats(dims, data));
  };
  add("embed_tokens", [V, C]);
  add("norm", [C], 1);
  for (let l = 0; l < layerCount; l++) {
    const at = (name: string): string => `layers.${l}.${name}`;
    add(at("input_layernorm"), [C], 1);
    add(at("self_attn.q_proj"), [16, C]);
    add(at("self_attn.k_proj"), [8, C]);
    add(at("self_attn.v_proj"), [8, C]);
    add(at("self_attn.o_proj"), [C, 16]);
    add(at("post_attention_layernorm"), [C], 1);
    add(at("mlp.gate_proj"), [F, C]);
    add(at("mlp.up_proj"), [F, C]);
    add(at("mlp.down_proj"), [C, F]);
  }
  return tensors;
}

/** Everything but a tokenizer: for tests below `generate`. */
export function tinyEngine(backend: Backend = referenceBackend()): Engine {
  const reader = new WeightReader(backend, tinyCheckpoint(), "f32");
  const decoder = new Decoder(reader, reader, TINY);
  const { layerCount, queryHeadCount, kvHeadCount, headWidth, width, vocabularySize } = TINY;
  const shape = {
    decoder: { layerCount, queryHeadCount, kvHeadCount, headWidth, width, vocabularySize },
  };
  const layers = Array.from({ length: layerCount }, () => ({
    kind: "attention" as const,
    kvHeadCount,
    headWidth,
  }));
  const rope = {
    angles: (_: number, deltas: Int32Array) =>
      ropeAngles(TINY.rope, deltas, undefined, { scaled: false }),
  };
  return {
    name: "tiny",
    backend,
    shape,
    decoder,
    tokenizer: undefined as never,
    endTokenIds: [],
    newCache: (format?: KvFormat) =>
      createCache({
        backend,
        layout: { model: shape, layers },
        rope,
        ...(format ? { format } : {}),
      }),
  };
}

export const counting = (count: number, from = 0): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => (from + i) % TINY.vocabularySize);

/** Element of a row-major array. */
export function at({ dims, data }: Floats, ...index: readonly number[]): number {
  let place = 0;
  index.forEach((i, axis) => {
    place = place * (dims[axis] as number) + i;
  });
  return data[place] as number;
}

/** The back end with a count of what it is asked to make. */
export function counted(backend: Backend): { backend: Backend; made: () => number } {
  let count = 0;
  const counting = new Proxy(backend, {
    get(target, key) {
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        if (key === "empty" || key === "upload") count++;
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
  return { backend: counting, made: () => count };
}
