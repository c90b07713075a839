/**
 * The back end that is the truth: one readable function an operation, sums in f64, results stored in f32.
 *
 * Shapes   as `Backend` says; pointwise and row-wise operations may write over their input, the others may not
 * Order    `rowInvariant`: every row is computed by itself, so its bits do not depend on the rows beside it
 * State    `report().allocatedBytes` falls to 0 once the caller has disposed all tensors, weights and runs
 * Errors   as `Backend` says, all of them at this door
 */
import type { Backend } from "../backend.js";
import { pagedKv } from "../kv/paged.js";
import type { KvMemory } from "../kv/types.js";
import { attentionOperations } from "./attention-operations.js";
import { Context } from "./context.js";
import { matrixOperations } from "./matrix-operations.js";
import { memoryOperations } from "./memory-operations.js";
import { rowOperations } from "./row-operations.js";

export function referenceBackend(): Backend {
  const context = new Context();
  return {
    name: "reference",
    rowInvariant: true,
    weightFormats: ["f32", "int8"],
    kv: cacheMemory(context),
    report: () => ({
      path: "reference, sums in f64, 1 thread",
      threads: 1,
      allocatedBytes: context.arena.allocatedBytes,
      fallbacks: {},
    }),
    dispose: () => {
      context.isDisposed = true;
    },
    ...memoryOperations(context),
    ...rowOperations(context),
    ...matrixOperations(context),
    ...attentionOperations(context),
  };
}

function cacheMemory(context: Context): KvMemory {
  const memory = pagedKv(context.driver);
  return {
    ...memory,
    create(spec) {
      context.live();
      return memory.create(spec);
    },
    append(call) {
      context.door.tensor("KvMemory.append: keys", call.keys);
      context.door.tensor("KvMemory.append: values", call.values);
      memory.append(call);
    },
  };
}
