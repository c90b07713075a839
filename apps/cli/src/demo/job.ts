/** The demo's tables: fixed methods and budgets on the reference models, each a job that runs anywhere. */
import type { Table } from "@frugal/evaluate";
import type { Io } from "../io.js";
import { openBackend, openModel } from "../models.js";
import { MODEL_OF, type TaskName, tableOf } from "../tables.js";

export interface DemoJob {
  readonly task: TaskName;
  readonly samples: number;
}

export const DEMO_TASKS = ["vqa", "recall", "speculation"] as const;

const KEEP_RATIOS = [0.25, 0.125];

/** Methods of all three groups; each table takes its own. */
const METHODS = [
  ...["divprune", "tome", "vtc-cls"],
  ...["snapkv", "streaming-llm", "tova"],
  ...["prompt-lookup", "token-recycling"],
];

export interface JobResult {
  readonly table: Table;
  /** The path the back end took. */
  readonly path: string;
}

export async function runJob(
  { task, samples }: DemoJob,
  io: Pick<Io, "cwd" | "signal">,
  onProgress: (done: number, total: number) => void,
): Promise<JobResult> {
  const backend = await openBackend("wasm");
  const model = await openModel(MODEL_OF[task], backend, io);
  try {
    const table = await tableOf(task, model, {
      keepRatios: KEEP_RATIOS,
      samples,
      methods: METHODS,
      cwd: io.cwd,
      signal: io.signal,
      onProgress,
    });
    return { table, path: backend.report().path };
  } finally {
    model.dispose();
    backend.dispose();
  }
}
