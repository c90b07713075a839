export {
  chainTree,
  childrenOf,
  cutTree,
  type TreeLimits,
  treeDepths,
  validateTree,
} from "./tree.js";
export type * from "./types.js";
