/**
 * Loads a model in Hugging Face layout: config, weights, tokenizer, picture preprocessing.
 *
 * Needs    config.json, model.safetensors (or its index and shards), tokenizer.json, tokenizer_config.json; for pictures
 *          preprocessor_config.json
 * Errors   SourceError where a file cannot be read; FormatError for files that break their format or a limit;
 *          CapabilityError for models that are not built; an abort rejects with the signal's reason
 */
import { createCache } from "@frugal/kv-cache";
import {
  type Backend,
  CapabilityError,
  type KvFormat,
  type ModelShape,
  type WeightFormat,
} from "@frugal/tensor";
import { ropeAngles, ropeFrequencies } from "@frugal/tensor/rope";
import { loadTokenizer } from "@frugal/tokenizers";
import { readCheckpoint } from "./files/checkpoint.js";
import {
  type ClipVisionConfig,
  type LlamaConfig,
  type LlavaConfig,
  readConfig,
} from "./files/config.js";
import { readJson } from "./files/json.js";
import { openSource, type Source, type SourceInput, type SourceOptions } from "./files/source.js";
import type { Engine } from "./generate/engine.js";
import { Vision } from "./images/vision.js";
import { Decoder, type DecoderConfig } from "./model/decoder.js";
import { Encoder } from "./model/encoder.js";
import { LanguageModel } from "./model/language-model.js";
import { WeightReader } from "./model/weights.js";
import { preprocessorOf } from "./pictures/index.js";

export interface LoadOptions extends SourceOptions {
  readonly backend: Backend;
  /** How linear layers are stored; default "f32". */
  readonly weights?: WeightFormat;
}

export async function loadModel(source: SourceInput, options: LoadOptions): Promise<LanguageModel> {
  const files = await openSource(source, options);
  const config = readConfig(
    await json(files, "config.json"),
    await json(files, "generation_config.json", true),
  );
  if (config.kind === "clip_vision_model") {
    throw new CapabilityError(files.name, ["a vision encoder without a text model"]);
  }
  const text = config.kind === "llava" ? config.text : config;
  const decoderConfig = decoderConfigOf(text);
  const shape = shapeOf(decoderConfig, config.kind === "llava" ? config.vision : undefined);
  const tokenizerConfig = await json(files, "tokenizer_config.json", true);
  const tokenizer = await loadTokenizer(
    await files.read("tokenizer.json"),
    tokenizerConfig ? { config: tokenizerConfig } : {},
  );
  const checkpoint = await readCheckpoint(files);
  const reader = new WeightReader(options.backend, checkpoint, options.weights ?? "f32");
  const decoder = new Decoder(
    reader.under("model.language_model.", "language_model.model.", "model."),
    reader,
    decoderConfig,
  );
  const engine: Engine = {
    name: files.name,
    backend: options.backend,
    shape,
    decoder,
    tokenizer,
    ...(text.bosId === undefined ? {} : { beginTokenId: text.bosId }),
    endTokenIds: text.endIds,
    ...(config.kind === "llava" ? await visionParts(files, reader, config, shape) : {}),
    newCache: (format?: KvFormat) =>
      createCache({
        backend: options.backend,
        layout: layoutOf(shape, decoderConfig),
        ...(format ? { format } : {}),
        rope: {
          angles: (_layer, deltas) =>
            ropeAngles(decoderConfig.rope, deltas, undefined, { scaled: false }),
        },
      }),
  };
  return new LanguageModel(engine);
}

async function visionParts(
  files: Source,
  reader: WeightReader,
  config: LlavaConfig,
  shape: ModelShape,
) {
  const { vision, featureLayers } = config;
  const layers = featureLayers[0];
  if (featureLayers.length !== 1 || layers === undefined) {
    throw new CapabilityError(files.name, ["features of several encoder layers"]);
  }
  if (config.projectorActivation === "quickGelu") {
    throw new CapabilityError(files.name, ["a projector with quick_gelu"]);
  }
  const tower = reader.under(
    "model.vision_tower.vision_model.",
    "vision_tower.vision_model.",
    "model.vision_tower.",
  );
  const encoder = new Encoder(tower, vision);
  const projector = reader.under("model.multi_modal_projector.", "multi_modal_projector.");
  const visionConfig = {
    featureLayers: layers,
    dropsClassToken: !config.keepsClassToken,
    activation: config.projectorActivation,
    textWidth: config.text.width,
  };
  return {
    vision: new Vision(projector, encoder, visionConfig, shape),
    preprocess: preprocessorOf(await json(files, "preprocessor_config.json"), vision.imageSize),
    imageTokenId: config.imageTokenId,
  };
}

function decoderConfigOf(text: LlamaConfig): DecoderConfig {
  return { ...text, rope: ropeFrequencies(text.rope) };
}

function shapeOf(decoder: DecoderConfig, vision: ClipVisionConfig | undefined): ModelShape {
  const { layerCount, queryHeadCount, kvHeadCount, headWidth, width, vocabularySize } = decoder;
  const text = { layerCount, queryHeadCount, kvHeadCount, headWidth, width, vocabularySize };
  if (!vision) return { decoder: text };
  const { headCount } = vision;
  const encoder = {
    layerCount: vision.layerCount,
    headCount,
    width: vision.width,
    hasClassToken: true,
  };
  return { decoder: text, encoder };
}

const layoutOf = (model: ModelShape, { layerCount, kvHeadCount, headWidth }: DecoderConfig) => ({
  model,
  layers: Array.from({ length: layerCount }, () => ({
    kind: "attention" as const,
    kvHeadCount,
    headWidth,
  })),
});

async function json(files: Source, path: string): Promise<unknown>;
async function json(files: Source, path: string, isOptional: true): Promise<object | undefined>;
async function json(files: Source, path: string, isOptional = false): Promise<unknown> {
  if (isOptional && !(await files.has(path))) return undefined;
  return readJson(await files.read(path), path);
}
