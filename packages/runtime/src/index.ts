export { readSafetensors, type SafetensorsFile, type StoredTensor } from "./files/safetensors.js";
export { openSource, type Source, type SourceInput, type SourceOptions } from "./files/source.js";
export { Chat } from "./generate/chat.js";
export { defaults } from "./generate/defaults.js";
export type { ContinueOptions } from "./generate/generate.js";
export type { GenerateOptions, GenerateReport, Piece } from "./generate/options.js";
export { Prefix, type PrefixFacts, type PrefixOptions } from "./generate/prefix.js";
export type { Prompt } from "./generate/prompt.js";
export type { CompressionRecord } from "./generate/sequence.js";
export { type LoadOptions, loadModel } from "./load.js";
export { LanguageModel, type PictureLook } from "./model/language-model.js";
export type { Checkpoint } from "./model/weights.js";
export {
  decodePicture,
  type Picture,
  type PictureInput,
  type Preprocessing,
  preprocess,
  readPreprocessing,
} from "./pictures/index.js";
export type { SamplingOptions } from "./sampling/index.js";
export type { Model, StepInput, StepOutput, StepRows } from "./types.js";
