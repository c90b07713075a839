/** The primitives as they are written to be read: sums in f64, one file each. */
import { argmax, topkIndices } from "../selection.js";
import { gatherRows } from "./gather-rows.js";
import { logSumExpRows } from "./log-sum-exp-rows.js";
import { matmul } from "./matmul.js";
import { pool1d } from "./pool-1d.js";
import { rowDot } from "./row-dot.js";
import { rowNorms } from "./row-norms.js";
import { scatterMean } from "./scatter-mean.js";
import { similarity } from "./similarity.js";
import { softmaxRows } from "./softmax-rows.js";
import { sparseRows } from "./sparse-rows.js";
import { sumRows } from "./sum-rows.js";
import type { Ops } from "./types.js";
import { unitRows } from "./unit-rows.js";

export const referenceOps: Ops = {
  name: "reference",
  matmul,
  rowDot,
  rowNorms,
  unitRows,
  similarity,
  softmaxRows,
  logSumExpRows,
  topk: topkIndices,
  argmax,
  gatherRows,
  scatterMean,
  sumRows,
  pool1d,
  sparseRows,
};
