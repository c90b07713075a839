/** Subpath `./ops`: the primitives by name, their table and the reference that holds them all. */
export { argmax, topkIndices, topkOrder } from "../selection.js";
export { gatherRows } from "./gather-rows.js";
export { logSumExpRows } from "./log-sum-exp-rows.js";
export { matmul } from "./matmul.js";
export { type Pooling, pool1d } from "./pool-1d.js";
export { referenceOps } from "./reference.js";
export { rowDot } from "./row-dot.js";
export { rowNorms } from "./row-norms.js";
export { scatterMean } from "./scatter-mean.js";
export { similarity } from "./similarity.js";
export { softmaxRows } from "./softmax-rows.js";
export { sparseRows } from "./sparse-rows.js";
export { sumRows } from "./sum-rows.js";
export { BACKEND_FLOORS, type Law, OPS_TABLE, type OpEntry } from "./table.js";
export type { Ops } from "./types.js";
export { unitRows } from "./unit-rows.js";
