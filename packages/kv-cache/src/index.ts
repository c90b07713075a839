/** The cache, its policies, and the interfaces that scorers, allocators, reducers and codecs implement. */
export { lastRowsAttention } from "./attention.js";
export { apportion, boundsOf } from "./policy/apportion.js";
export { compress } from "./policy/compress.js";
export { openCompression } from "./policy/compression.js";
export { createCache } from "./store/cache.js";
export { loadCache } from "./store/load.js";
export type * from "./types.js";
