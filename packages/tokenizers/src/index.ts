export type { SentencePieceOptions } from "./formats/sentencepiece.js";
export { readSentencePiece, type SentencePieceFile } from "./formats/sentencepiece-proto.js";
export type { TiktokenOptions } from "./formats/tiktoken.js";
export { type LoadOptions, loadTokenizer } from "./load.js";
export type * from "./types.js";
