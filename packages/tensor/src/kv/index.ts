/** Subpath `./kv`: cache pages over a driver. */
export { pagedKv, runPages } from "./paged.js";
export type * from "./types.js";
export { PAGE_SLOTS } from "./types.js";
