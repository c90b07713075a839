/** Faults of the cache. */
import { changedRun, type Fault, memory } from "./fault.js";

export const CACHE_FAULTS: readonly Fault[] = [
  [
    "a run reads back what was appended, coded as the reference codes",
    "keys and values are mixed up",
    (right) =>
      memory(right, (kv) => ({
        append: (call) => kv.append({ ...call, keys: call.values, values: call.keys }),
      })),
  ],
  [
    "appending spreads heads over their runs",
    "the first row is ignored",
    (right) => memory(right, (kv) => ({ append: (call) => kv.append({ ...call, firstRow: 0 }) })),
  ],
  [
    "a history of forks, cuts, moves and gathers reads as on the reference",
    "gather takes the neighbour",
    (right) =>
      memory(right, (kv) => ({
        gather(sources, plan, format) {
          const keysFrom = {
            ...plan.keysFrom,
            sources: plan.keysFrom.sources.map((s) => Math.max(0, s - 1)),
          };
          return kv.gather(sources, { ...plan, keysFrom }, format);
        },
      })),
  ],
  [
    "rotate turns keys alone, and leaves still ones bit for bit",
    "positions stay",
    (right) =>
      memory(right, (kv) => ({
        create: (spec) => {
          const run = kv.create(spec);
          const rotate = (angles: Float32Array) => run.rotate(angles, run.positions.slice());
          return changedRun(run, { rotate });
        },
        append: kv.append,
      })),
  ],
  [
    "gather mixes sources and changes formats",
    "log weights are lost",
    (right) =>
      memory(right, (kv) => ({
        gather: (sources, plan, format) =>
          kv.gather(sources, { ...plan, logWeights: null }, format),
      })),
  ],
  [
    "shared pages count once and cost nothing until someone writes",
    "bytes are one page short",
    (right) => memory(right, (kv) => ({ byteLength: () => Math.max(0, kv.byteLength() - 1) })),
  ],
];
