import { readFile } from "node:fs/promises";
import { modelDirectory } from "@frugal/reference-models";
import { ropeFrequencies } from "@frugal/tensor";
import { FrugalError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LlamaConfig, type LlavaConfig, readConfig } from "./config.js";
import { readJson } from "./json.js";

async function read(name: "fables" | "fables-draft" | "scenes", file: string): Promise<unknown> {
  const path = new URL(file, modelDirectory(name));
  return readJson(new Uint8Array(await readFile(path)), file);
}

const LLAMA = {
  model_type: "llama",
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 128,
  vocab_size: 100,
};
const VISION = {
  model_type: "clip_vision_model",
  hidden_size: 32,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  intermediate_size: 64,
  image_size: 20,
  patch_size: 5,
};
const LLAVA = {
  model_type: "llava",
  image_token_index: 9,
  text_config: LLAMA,
  vision_config: VISION,
};

const llama = (extra: object = {}, generation?: object) =>
  readConfig({ ...LLAMA, ...extra }, generation) as LlamaConfig;
const llava = (extra: object = {}) => readConfig({ ...LLAVA, ...extra }) as LlavaConfig;

function codeOf(json: unknown, generation?: unknown): string {
  try {
    readConfig(json, generation);
  } catch (error) {
    if (FrugalError.is(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("readConfig", () => {
  test("reads the reference language model", async () => {
    const config = readConfig(
      await read("fables", "config.json"),
      await read("fables", "generation_config.json"),
    );
    expect(config).toEqual({
      kind: "llama",
      layerCount: 6,
      width: 192,
      queryHeadCount: 6,
      kvHeadCount: 2,
      headWidth: 32,
      ffnWidth: 512,
      vocabularySize: 4096,
      normEpsilon: 1e-5,
      activation: "silu",
      rope: { theta: 10_000, headWidth: 32, maxPositions: 2048 },
      maxPositions: 2048,
      isTied: true,
      hasAttentionBias: false,
      hasFfnBias: false,
      bosId: 0,
      endIds: [0],
      padId: 1,
    });
  });

  test("reads the reference vision-language model", async () => {
    const config = readConfig(await read("scenes", "config.json")) as LlavaConfig;
    expect(config).toMatchObject({
      kind: "llava",
      imageTokenId: 4,
      featureLayers: [6],
      keepsClassToken: false,
      imageTokenCount: 256,
      projectorActivation: "gelu",
      hasProjectorBias: true,
    });
    expect(config.vision).toEqual({
      kind: "clip_vision_model",
      layerCount: 6,
      width: 128,
      headCount: 4,
      headWidth: 32,
      ffnWidth: 512,
      normEpsilon: 1e-5,
      activation: "quickGelu",
      channelCount: 3,
      imageSize: 64,
      patchSize: 4,
      gridSize: 16,
    });
    expect(config.text).toMatchObject({ width: 128, kvHeadCount: 2, isTied: true, endIds: [0] });
  });

  test("fills in the defaults of transformers", () => {
    expect(readConfig({ model_type: "llama" })).toMatchObject({
      layerCount: 32,
      width: 4096,
      queryHeadCount: 32,
      kvHeadCount: 32,
      headWidth: 128,
      ffnWidth: 11_008,
      vocabularySize: 32_000,
      normEpsilon: 1e-6,
      isTied: false,
      bosId: 1,
      endIds: [2],
      padId: undefined,
      rope: { theta: 10_000, headWidth: 128, maxPositions: 2048 },
    });
    expect(readConfig({ model_type: "clip_vision_model" })).toMatchObject({
      imageSize: 224,
      patchSize: 32,
      gridSize: 7,
      activation: "quickGelu",
    });
    expect(readConfig({ model_type: "llava" })).toMatchObject({
      imageTokenCount: 576,
      featureLayers: [23],
      vision: { width: 1024, patchSize: 14 },
    });
  });

  test("takes ends of text from the generation config first, one or several", () => {
    expect(llama({ eos_token_id: 7 }).endIds).toEqual([7]);
    expect(llama({ eos_token_id: [7, 8] }).endIds).toEqual([7, 8]);
    expect(llama({ eos_token_id: 7 }, { eos_token_id: [8, 9, 10] }).endIds).toEqual([8, 9, 10]);
    expect(llama({ eos_token_id: null }, { bos_token_id: 3 })).toMatchObject({
      bosId: 3,
      endIds: [2],
    });
  });

  test("reads every kind of rope scaling in a form that ropeFrequencies takes", () => {
    const scalings = {
      linear: { rope_type: "linear", factor: 2.5 },
      older: { type: "linear", factor: 2.5 },
      llama3: {
        rope_type: "llama3",
        factor: 8,
        low_freq_factor: 1,
        high_freq_factor: 4,
        original_max_position_embeddings: 32,
      },
      yarn: { rope_type: "yarn", factor: 4, original_max_position_embeddings: 16, beta_fast: 30 },
      yarnWithoutFactor: { rope_type: "yarn", original_max_position_embeddings: 512 },
    };
    const read = Object.values(scalings).map((rope_scaling) => llama({ rope_scaling }).rope);
    expect(read.map((rope) => rope.scaling)).toEqual([
      { kind: "linear", factor: 2.5 },
      { kind: "linear", factor: 2.5 },
      {
        kind: "llama3",
        factor: 8,
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalMaxPositions: 32,
      },
      { kind: "yarn", factor: 4, originalMaxPositions: 16, truncate: true, betaFast: 30 },
      { kind: "yarn", factor: 4, originalMaxPositions: 512, truncate: true },
    ]);
    for (const rope of read) expect(ropeFrequencies(rope).inverseFrequencies).toHaveLength(8);
    const newer = llama({ rope_parameters: { rope_theta: 5e5, rope_type: "default" } }).rope;
    expect(newer).toEqual({ theta: 5e5, headWidth: 16, maxPositions: 2048 });
  });

  test("counts feature layers from either end", () => {
    expect(llava().featureLayers).toEqual([2]);
    expect(llava({ vision_feature_layer: [-2, 1] }).featureLayers).toEqual([2, 1]);
    expect(llava({ vision_feature_layer: 0 }).featureLayers).toEqual([0]);
    const full = llava({ vision_feature_select_strategy: "full" });
    expect([full.keepsClassToken, full.imageTokenCount]).toEqual([true, 17]);
  });

  test.each<[string, object]>([
    ["hidden_size", { hidden_size: 0 }],
    ["hidden_size", { hidden_size: 1e9 }],
    ["hidden_size", { hidden_size: "64" }],
    ["hidden_size", { hidden_size: 64.5 }],
    ["num_hidden_layers", { num_hidden_layers: 100_000 }],
    ["num_key_value_heads", { num_key_value_heads: 3 }],
    ["head_dim", { head_dim: 7 }],
    ["head_dim", { hidden_size: 2 }],
    ["rms_norm_eps", { rms_norm_eps: -1 }],
    ["rope_theta", { rope_theta: 0 }],
    ["eos_token_id", { eos_token_id: 100 }],
    ["eos_token_id", { eos_token_id: Array(65).fill(1) }],
    ["tie_word_embeddings", { tie_word_embeddings: "yes" }],
    ["factor", { rope_scaling: { rope_type: "linear" } }],
    [
      "high_freq_factor",
      { rope_scaling: { rope_type: "llama3", low_freq_factor: 4, high_freq_factor: 4 } },
    ],
    ["no JSON object", { rope_scaling: [] }],
  ])("refuses a bad %s with a FormatError", (name, extra) => {
    const code = codeOf({ ...LLAMA, ...extra });
    expect(code).toMatch(/^FormatError/);
    expect(code).toContain(name);
  });

  test.each<[string, object]>([
    ["model_type", { model_type: "mamba" }],
    ["hidden_act", { hidden_act: "quick_gelu" }],
    ["hidden_act", { hidden_act: "constructor" }],
    ["rope_type", { rope_scaling: { rope_type: "dynamic", factor: 2 } }],
    ["partial_rotary_factor", { partial_rotary_factor: 0.5 }],
    ["quantization_config", { quantization_config: { bits: 4 } }],
  ])("names a %s that is not built in a CapabilityError", (name, extra) => {
    const code = codeOf({ ...LLAMA, ...extra });
    expect(code).toMatch(/^CapabilityError/);
    expect(code).toContain(name);
  });

  test("refuses what does not fit in a LLaVA config", () => {
    expect(codeOf({ ...LLAVA, image_token_index: -1 })).toMatch(/^FormatError.*image_token_index/);
    expect(codeOf({ ...LLAVA, vision_feature_layer: 4 })).toMatch(/^FormatError.*feature_layer/);
    expect(codeOf({ ...LLAVA, vision_feature_layer: [] })).toMatch(/^FormatError.*feature_layer/);
    const siglip = { ...VISION, model_type: "siglip_vision_model" };
    expect(codeOf({ ...LLAVA, vision_config: siglip })).toMatch(/^CapabilityError.*siglip/);
    const fine = { ...VISION, image_size: 4096, patch_size: 1 };
    expect(codeOf({ ...LLAVA, vision_config: fine })).toMatch(/^FormatError.*MAX_PATCHES/);
    expect(codeOf({ ...LLAVA, text_config: { model_type: "gemma" } })).toMatch(/^CapabilityError/);
  });

  test("answers any JSON with a config within limits or a typed error", () => {
    const names = [...Object.keys(LLAMA), "head_dim", "rope_scaling", "eos_token_id", "rope_theta"];
    const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.double(), fc.constantFrom(1, 2, 4, 8));
    const property = fc.property(
      fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 }),
      (extra) => {
        const code = codeOf({ ...LLAMA, ...extra });
        expect(code).toMatch(/^(accepted|FormatError|CapabilityError)/);
        if (code !== "accepted") return;
        const config = llama(extra);
        expect(config.queryHeadCount % config.kvHeadCount).toBe(0);
        expect(config.width).toBeLessThanOrEqual(65_536);
      },
    );
    fc.assert(property, { numRuns: 500, seed: 3 });
    for (const json of [null, 3, "llama", [], {}]) expect(codeOf(json)).toMatch(/^FormatError/);
  });
});
