/**
 * The worker's end: the same model code as in the page, fed by messages.
 *
 * State    one model; an answer goes on only when the page asks for its next part
 */
import { localAnswerer } from "./local.js";
import type { Answerer, FromWorker, Part, ToWorker } from "./types.js";

interface Running {
  readonly parts: AsyncGenerator<Part, void, void>;
  readonly controller: AbortController;
}

const running = new Map<number, Running>();
let answerer: Answerer | undefined;

const send = (message: FromWorker): void => postMessage(message);

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  const id = "id" in data ? { id: data.id } : {};
  handle(data).catch((error: unknown) => {
    if (data.kind !== "load") running.delete(data.id);
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    send({ kind: "failed", ...id, name, message });
  });
});

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case "load": {
      answerer = await localAnswerer(message.model, (loadedBytes, totalBytes) =>
        send({
          kind: "progress",
          loadedBytes,
          ...(totalBytes === undefined ? {} : { totalBytes }),
        }),
      );
      return send({ kind: "loaded", path: answerer.path });
    }
    case "ask": {
      if (!answerer) throw new Error("the model is not loaded");
      const controller = new AbortController();
      const parts = answerer.ask(message.question, controller.signal);
      running.set(message.id, { parts, controller });
      return next(message.id);
    }
    case "next":
      return next(message.id);
    case "abort":
      return abort(message.id);
  }
}

async function next(id: number): Promise<void> {
  const found = running.get(id);
  const { done, value } = (await found?.parts.next()) ?? { done: true };
  if (!done && value) return send({ kind: "part", id, part: value });
  running.delete(id);
  send({ kind: "end", id });
}

/** Frees what the answer holds, also when nobody pulls any more. */
async function abort(id: number): Promise<void> {
  const found = running.get(id);
  if (!found) return;
  running.delete(id);
  found.controller.abort();
  await found.parts.return().catch(() => {});
}
