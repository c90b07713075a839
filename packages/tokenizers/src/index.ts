export { type LoadOptions, loadTokenizer } from "./load.js";
export type * from "./types.js";
