/**
 * Spreads jobs over two threads where the machine has two cores, so that the demo ends sooner.
 *
 * Errors   what a job throws; an abort rejects with the signal's reason
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Io } from "../io.js";
import { type DemoJob, type JobResult, runJob } from "./job.js";
import type { WorkerMessage } from "./worker.js";

export type Tell = (task: string, done: number, total: number) => void;

export async function runJobs(
  jobs: readonly DemoJob[],
  io: Io,
  tell: Tell,
  threads = Math.min(2, availableParallelism()),
): Promise<JobResult[]> {
  if (threads < 2) {
    const results: JobResult[] = [];
    for (const job of jobs) {
      results.push(await runJob(job, io, (done, total) => tell(job.task, done, total)));
    }
    return results;
  }
  // The first table takes as long as the others together.
  const [first, ...rest] = jobs;
  const lists = first ? [[first], rest] : [rest];
  const stop = new AbortController();
  const signal = AbortSignal.any([io.signal, stop.signal]);
  try {
    const results = await Promise.all(lists.map((list) => onThread(list, io.cwd, signal, tell)));
    return results.flat();
  } finally {
    stop.abort();
  }
}

function onThread(
  jobs: readonly DemoJob[],
  cwd: string,
  signal: AbortSignal,
  tell: Tell,
): Promise<JobResult[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData: { jobs, cwd },
    });
    const results: JobResult[] = [];
    const end = (): void => {
      void worker.terminate();
      reject(signal.reason);
    };
    signal.addEventListener("abort", end, { once: true });
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "result") results.push(message.result);
      else tell(message.task, message.done, message.total);
    });
    worker.on("error", reject);
    worker.on("exit", () => {
      signal.removeEventListener("abort", end);
      resolve(results);
    });
  });
}
