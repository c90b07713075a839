/** What the numbers of a config may be: beyond it nothing published lies, and nothing is allocated. */
import type { Range } from "./fields.js";

/** Four times the deepest published dense decoder (126 layers). */
export const LAYERS: Range = { least: 1, most: 512, limit: "MAX_LAYERS = 512" };
/** Four times the widest published model (16,384). */
export const WIDTH: Range = { least: 1, most: 65_536, limit: "MAX_WIDTH = 65536" };
/** Four times the most heads published (128), and room for one head a channel in tests. */
export const HEADS: Range = { least: 1, most: 1024, limit: "MAX_HEADS = 1024" };
/** Twice the widest published head (512, latent attention). */
export const HEAD_WIDTH: Range = { least: 1, most: 1024, limit: "MAX_HEAD_WIDTH = 1024" };
export const FFN_WIDTH: Range = { least: 1, most: 2 ** 18, limit: "MAX_FFN_WIDTH = 262144" };
/** Four times the largest published vocabulary (262,144 and a few). */
export const VOCABULARY: Range = { least: 1, most: 2 ** 20, limit: "MAX_VOCABULARY = 1048576" };
/** Longest published context: ten million. */
export const POSITIONS: Range = { least: 1, most: 2 ** 24, limit: "MAX_POSITIONS = 16777216" };
/** Pictures are cut to the encoder's size first; 4,096 pixels are four times the largest published. */
export const IMAGE_SIZE: Range = { least: 1, most: 4096, limit: "MAX_IMAGE_SIZE = 4096" };
/** Rows of one encoder pass: attention over them is quadratic. */
export const MAX_PATCHES = 2 ** 16;
/** Llama 3 names three end tokens. */
export const MAX_END_IDS = 64;
export const EPSILON: Range = { least: 1e-20, most: 0.1 };
