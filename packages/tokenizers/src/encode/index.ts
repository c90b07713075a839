/** The smallest way to ids: one byte-level BPE vocabulary, text to ids and back. */
export {
  type ByteLevelEncoder,
  type EncoderOptions,
  loadEncoder,
  type SpecialTokenOptions,
} from "./load-encoder.js";
