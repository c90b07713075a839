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
