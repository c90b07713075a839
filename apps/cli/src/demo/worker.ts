/** Runs a list of jobs on a thread of its own. */
import { parentPort, workerData } from "node:worker_threads";
import { allowRelaxedSimd } from "../host.js";
import { type DemoJob, type JobResult, runJob } from "./job.js";

export type WorkerMessage =
  | {
      readonly kind: "progress";
      readonly task: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: "result"; readonly result: JobResult };

allowRelaxedSimd();
const { jobs, cwd } = workerData as { jobs: readonly DemoJob[]; cwd: string };
const say = (message: WorkerMessage): void => parentPort?.postMessage(message);
const { signal } = new AbortController();
for (const job of jobs) {
  const { task } = job;
  const result = await runJob(job, { cwd, signal }, (done, total) =>
    say({ kind: "progress", task, done, total }),
  );
  say({ kind: "result", result });
}
