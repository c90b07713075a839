export type * from "./backend.js";
export * from "./errors/index.js";
export type * from "./kv/types.js";
export { PAGE_SLOTS } from "./kv/types.js";
export type { Tensor } from "./tensor.js";
export type * from "./types.js";
