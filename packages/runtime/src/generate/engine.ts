/** The parts of a loaded model that generation works with. */
import type { Cache } from "@frugal/kv-cache";
import type { Backend, KvFormat, ModelShape } from "@frugal/tensor";
import type { Tokenizer } from "@frugal/tokenizers";
import type { Vision } from "../images/vision.js";
import type { Decoder } from "../model/decoder.js";
import type { PicturePreprocessor } from "../pictures/index.js";

export interface Engine {
  readonly name: string;
  readonly backend: Backend;
  readonly shape: ModelShape;
  readonly decoder: Decoder;
  readonly tokenizer: Tokenizer;
  readonly vision?: Vision;
  readonly preprocess?: PicturePreprocessor;
  /** The placeholder of image tokens. */
  readonly imageTokenId?: number;
  /** Begins a text that no chat template has rendered. */
  readonly beginTokenId?: number;
  readonly endTokenIds: readonly number[];
  newCache(format?: KvFormat): Cache;
}
