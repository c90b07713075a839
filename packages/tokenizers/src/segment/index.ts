/** Other ways to cut text than the one that a tokenizer was trained for. */
export {
  ByteCovers,
  type CoverGroup,
  type Covers,
  coverEncodings,
  isValidEncoding,
} from "./covers.js";
export { type HatOptions, type HatSplitter, hatSplitter } from "./hat/hat-splitter.js";
export { type TokenBytes, tokenBytes } from "./token-bytes.js";
