/**
 * Reads a model's config.json into what the runtime builds from; every number has a limit.
 *
 * Units    counts, widths and positions are plain integers; `rope` goes into `ropeFrequencies` as it is
 * Differs  defaults are those of transformers' classes. A yarn `factor` that is given is used as given, as in
 *          transformers 5 (4.57 replaces it by max_position_embeddings / original_max_position_embeddings); `text_config` of
 *          a LLaVA model inherits a missing `tie_word_embeddings` from the whole
 * Errors   FormatError for a value that is none or outside its limit; CapabilityError for a model type or a field that
 *          changes the computation and is not built
 */
import type { ActivationKind } from "@frugal/tensor";
import { CapabilityError, FormatError } from "@frugal/tensor/errors";
import {
  EPSILON,
  FFN_WIDTH,
  HEAD_WIDTH,
  HEADS,
  IMAGE_SIZE,
  LAYERS,
  MAX_END_IDS,
  MAX_PATCHES,
  POSITIONS,
  VOCABULARY,
  WIDTH,
} from "./config-limits.js";
import { Fields, type Range } from "./fields.js";
import { type RopeConfig, ropeOf } from "./rope-config.js";

export interface LlamaConfig {
  readonly kind: "llama";
  readonly layerCount: number;
  readonly width: number;
  readonly queryHeadCount: number;
  readonly kvHeadCount: number;
  readonly headWidth: number;
  readonly ffnWidth: number;
  readonly vocabularySize: number;
  readonly normEpsilon: number;
  readonly activation: Exclude<ActivationKind, "quickGelu">;
  readonly rope: RopeConfig;
  readonly maxPositions: number;
  /** The output layer is the embedding table. */
  readonly isTied: boolean;
  readonly hasAttentionBias: boolean;
  readonly hasFfnBias: boolean;
  readonly bosId: number | undefined;
  /** Ids that end a text, from generation_config.json where it names any. */
  readonly endIds: readonly number[];
  readonly padId: number | undefined;
}

export interface ClipVisionConfig {
  readonly kind: "clip_vision_model";
  readonly layerCount: number;
  readonly width: number;
  readonly headCount: number;
  readonly headWidth: number;
  readonly ffnWidth: number;
  readonly normEpsilon: number;
  readonly activation: ActivationKind;
  readonly channelCount: number;
  /** In pixels; pictures are square. */
  readonly imageSize: number;
  readonly patchSize: number;
  /** Patches a side. */
  readonly gridSize: number;
}

export interface LlavaConfig {
  readonly kind: "llava";
  readonly vision: ClipVisionConfig;
  readonly text: LlamaConfig;
  readonly imageTokenId: number;
  /** How many encoder layers have run for the features; several are put side by side. */
  readonly featureLayers: readonly number[];
  /** "full" keeps the class token among the features. */
  readonly keepsClassToken: boolean;
  readonly imageTokenCount: number;
  readonly projectorActivation: ActivationKind;
  readonly hasProjectorBias: boolean;
}

export type ModelConfig = LlamaConfig | ClipVisionConfig | LlavaConfig;

const GATED_ACTIVATIONS: Readonly<Record<string, LlamaConfig["activation"]>> = {
  silu: "silu",
  swish: "silu",
  gelu: "gelu",
  gelu_new: "geluTanh",
  gelu_pytorch_tanh: "geluTanh",
  gelu_fast: "geluTanh",
  relu: "relu",
};
const ACTIVATIONS: Readonly<Record<string, ActivationKind>> = {
  ...GATED_ACTIVATIONS,
  quick_gelu: "quickGelu",
};

/** @param generation the parsed generation_config.json, if there is one */
export function readConfig(json: unknown, generation?: unknown): ModelConfig {
  const fields = new Fields(json, "config");
  const ends = new Fields(generation ?? {}, "generation_config");
  const type = fields.text("model_type");
  switch (type) {
    case "llama":
      return llamaOf(fields, ends);
    case "clip_vision_model":
      return clipVisionOf(fields);
    case "llava":
      return llavaOf(fields, ends);
    default:
      throw new CapabilityError(
        "config",
        [`model_type ${JSON.stringify(type.slice(0, 80))}`],
        "Known: llama, clip_vision_model, llava",
      );
  }
}

function llamaOf(fields: Fields, ends: Fields, whole?: Fields): LlamaConfig {
  fields.refuse("quantization_config");
  fields.refuse("partial_rotary_factor", 1);
  const width = fields.count("hidden_size", WIDTH, 4096);
  const queryHeadCount = fields.count("num_attention_heads", HEADS, 32);
  const kvHeadCount = fields.count("num_key_value_heads", HEADS, queryHeadCount);
  if (queryHeadCount % kvHeadCount !== 0) {
    fields.fail("num_key_value_heads", `a divisor of ${queryHeadCount}`, kvHeadCount);
  }
  const headWidth = fields.count("head_dim", HEAD_WIDTH, Math.floor(width / queryHeadCount));
  if (headWidth % 2 !== 0) fields.fail("head_dim", "even: rotary positions turn pairs", headWidth);
  const maxPositions = fields.count("max_position_embeddings", POSITIONS, 2048);
  const vocabularySize = fields.count("vocab_size", VOCABULARY, 32_000);
  const isTied = fields.flag(
    "tie_word_embeddings",
    whole?.flag("tie_word_embeddings", false) ?? false,
  );
  const ids: Range = { least: 0, most: vocabularySize - 1, limit: "vocab_size" };
  const idsOf = (name: string): readonly number[] =>
    (ends.has(name) ? ends : fields).counts(name, ids, MAX_END_IDS);
  const endIds = idsOf("eos_token_id");
  const isSpoken = ends.has("eos_token_id") || fields.has("eos_token_id");
  return {
    kind: "llama",
    layerCount: fields.count("num_hidden_layers", LAYERS, 32),
    width,
    queryHeadCount,
    kvHeadCount,
    headWidth,
    ffnWidth: fields.count("intermediate_size", FFN_WIDTH, 11_008),
    vocabularySize,
    normEpsilon: fields.number("rms_norm_eps", EPSILON, 1e-6),
    activation: fields.choice("hidden_act", GATED_ACTIVATIONS, "silu"),
    rope: ropeOf(fields, headWidth, maxPositions),
    maxPositions,
    isTied,
    hasAttentionBias: fields.flag("attention_bias", false),
    hasFfnBias: fields.flag("mlp_bias", false),
    bosId: idsOf("bos_token_id")[0] ?? defaultId(1, vocabularySize),
    endIds: isSpoken ? endIds : [2].filter((id) => id < vocabularySize),
    padId: idsOf("pad_token_id")[0],
  };
}

function clipVisionOf(fields: Fields): ClipVisionConfig {
  fields.refuse("quantization_config");
  fields.refuse("model_type", "clip_vision_model");
  const width = fields.count("hidden_size", WIDTH, 768);
  const headCount = fields.count("num_attention_heads", HEADS, 12);
  if (width % headCount !== 0)
    fields.fail("num_attention_heads", `a divisor of ${width}`, headCount);
  const imageSize = fields.count("image_size", IMAGE_SIZE, 224);
  const patchSize = fields.count(
    "patch_size",
    { least: 1, most: imageSize, limit: "image_size" },
    32,
  );
  const gridSize = Math.floor(imageSize / patchSize);
  if (gridSize ** 2 > MAX_PATCHES) {
    const problem = `${gridSize} x ${gridSize} patches`;
    throw new FormatError(fields.where, problem, { limit: `MAX_PATCHES = ${MAX_PATCHES}` });
  }
  return {
    kind: "clip_vision_model",
    layerCount: fields.count("num_hidden_layers", LAYERS, 12),
    width,
    headCount,
    headWidth: width / headCount,
    ffnWidth: fields.count("intermediate_size", FFN_WIDTH, 3072),
    normEpsilon: fields.number("layer_norm_eps", EPSILON, 1e-5),
    activation: fields.choice("hidden_act", ACTIVATIONS, "quick_gelu"),
    channelCount: fields.count("num_channels", { least: 3, most: 3, limit: "RGB" }, 3),
    imageSize,
    patchSize,
    gridSize,
  };
}

function llavaOf(fields: Fields, ends: Fields): LlavaConfig {
  fields.refuse("quantization_config");
  const textFields = fields.inner("text_config");
  textFields.refuse("model_type", "llama");
  const text = llamaOf(textFields, ends, fields);
  const vision = clipVisionOf(
    fields.has("vision_config")
      ? fields.inner("vision_config")
      : new Fields(DEFAULT_VISION, `${fields.where}.vision_config`),
  );
  const strategies = { default: false, full: true };
  const keepsClassToken = fields.choice("vision_feature_select_strategy", strategies, "default");
  // May lie outside the vocabulary (transformers' own default does): its row is never looked up.
  const imageTokens: Range = { ...VOCABULARY, least: 0 };
  const idName = fields.has("image_token_id") ? "image_token_id" : "image_token_index";
  return {
    kind: "llava",
    vision,
    text,
    imageTokenId: fields.count(idName, imageTokens, 32_000),
    featureLayers: featureLayersOf(fields, vision.layerCount),
    keepsClassToken,
    imageTokenCount: vision.gridSize ** 2 + (keepsClassToken ? 1 : 0),
    projectorActivation: fields.choice("projector_hidden_act", ACTIVATIONS, "gelu"),
    hasProjectorBias: fields.flag("multimodal_projector_bias", true),
  };
}

/** transformers indexes the list [embeddings, after layer 1, ..., after layer L]; negative numbers count from its end. */
function featureLayersOf(fields: Fields, layerCount: number): readonly number[] {
  const range: Range = { least: -layerCount - 1, most: layerCount, limit: "num_hidden_layers" };
  const layers = fields.counts("vision_feature_layer", range, layerCount + 1);
  if (fields.has("vision_feature_layer") && layers.length === 0) {
    fields.fail("vision_feature_layer", "a layer or a list of layers", []);
  }
  return (layers.length ? layers : [-2]).map((layer) =>
    layer < 0 ? layerCount + 1 + layer : layer,
  );
}

/** What LlavaConfig builds when no vision_config is given: CLIP ViT-L/14 at 336 pixels. */
const DEFAULT_VISION = {
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  image_size: 336,
  patch_size: 14,
};

const defaultId = (id: number, vocabularySize: number): number | undefined =>
  id < vocabularySize ? id : undefined;
