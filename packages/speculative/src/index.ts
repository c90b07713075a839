export {
  type Calibration,
  calibrate,
  chooseDraftShape,
  type DraftShape,
  expectedSpeedup,
  expectedTokens,
  type PassCost,
  type ShapeInput,
  type SpeedupInput,
  type TreeCandidate,
  trackAcceptance,
} from "./accounting.js";
export {
  type PassRecord,
  type RunRecord,
  type SpecBenchMetrics,
  type SpeculativeRecord,
  specBenchMetrics,
} from "./spec-bench.js";
export {
  chainTree,
  childrenOf,
  cutTree,
  type TreeLimits,
  treeDepths,
  validateTree,
} from "./tree.js";
export {
  buildTreeAttention,
  leafPaths,
  type TreeAttention,
  type TreeTemplate,
  treeFromPaths,
} from "./tree-attention.js";
export type * from "./types.js";
