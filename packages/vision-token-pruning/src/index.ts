export { applyMap, composeMaps, isIdentity, restoreTokens, restoringRows } from "./apply.js";
export {
  identityMap,
  keepTokens,
  type MapOptions,
  type MergeOptions,
  mergeTokens,
  spatialOrder,
} from "./map.js";
export { firstOrigins, nextState, openState } from "./state.js";
export { expectSignal, tokenStep } from "./step.js";
export type * from "./types.js";
