/**
 * The page's end of the worker: looks like the model itself.
 *
 * State    owns the worker; `dispose` ends it
 * Errors   what failed over there comes back with its name and message; an abort rejects with the signal's reason
 */
import type { Answerer, FromWorker, Part, Progress, Question, ToWorker } from "./types.js";

type Reply = Extract<FromWorker, { kind: "part" | "end" | "failed" | "loaded" }>;

export async function remoteAnswerer(model: string, onProgress: Progress): Promise<Answerer> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const send = (message: ToWorker): void => worker.postMessage(message);
  const waiting = new Map<number | "load", (reply: Reply) => void>();
  const fail = (message: string): void => {
    for (const settle of waiting.values()) settle({ kind: "failed", name: "WorkerError", message });
  };
  worker.onerror = ({ message }) => fail(message || "the worker could not start");
  worker.onmessageerror = () => fail("a message could not be read");
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
    if (data.kind === "progress") return onProgress(data.loadedBytes, data.totalBytes);
    waiting.get("id" in data && data.id !== undefined ? data.id : "load")?.(data);
  };
  const exchange = async (key: number | "load", message: ToWorker): Promise<Reply> => {
    const reply = await new Promise<Reply>((resolve) => {
      waiting.set(key, resolve);
      send(message);
    });
    waiting.delete(key);
    return reply;
  };

  const loaded = await exchange("load", { kind: "load", model });
  if (loaded.kind !== "loaded") {
    worker.terminate();
    throw errorOf(loaded);
  }
  let count = 0;

  async function* ask(question: Question, signal: AbortSignal): AsyncGenerator<Part, void, void> {
    signal.throwIfAborted();
    const id = ++count;
    const abort = (): void => send({ kind: "abort", id });
    signal.addEventListener("abort", abort);
    let isOver = false;
    try {
      let reply = await exchange(id, { kind: "ask", id, question });
      while (reply.kind === "part") {
        yield reply.part;
        reply = await exchange(id, { kind: "next", id });
      }
      isOver = true;
      signal.throwIfAborted();
      if (reply.kind !== "end") throw errorOf(reply);
    } finally {
      signal.removeEventListener("abort", abort);
      if (!isOver) abort();
    }
  }

  return { path: loaded.path, ask, dispose: () => worker.terminate() };
}

function errorOf(reply: Reply): Error {
  const isFailure = reply.kind === "failed";
  const error = new Error(isFailure ? reply.message : `an unexpected "${reply.kind}"`);
  if (isFailure) error.name = reply.name;
  return error;
}
