/**
 * The model in this thread: loads it, builds methods from their names, answers.
 *
 * Errors   those of `loadModel` and `generate`; an abort rejects with the signal's reason
 */
import { wasm } from "@frugal/kernels-wasm";
import { type GenerateReport, type LanguageModel, loadModel } from "@frugal/runtime";
import type { TokenMethod } from "@frugal/vision-token-pruning";
import { divPrune, identity } from "@frugal/vision-token-pruning/methods";
import type { Answerer, MethodChoice, Part, Progress, Question, Summary } from "./types.js";

export async function localAnswerer(model: string, onProgress: Progress): Promise<Answerer> {
  const backend = await wasm();
  const loaded = await loadModel(model, {
    backend,
    onProgress: ({ loadedBytes, totalBytes }) => onProgress(loadedBytes, totalBytes),
  });
  return {
    path: backend.report().path,
    ask: (question, signal) => answer(loaded, question, signal),
    dispose() {
      loaded.dispose();
      backend.dispose();
    },
  };
}

async function* answer(
  model: LanguageModel,
  { picture, text, method, maxTokens }: Question,
  signal: AbortSignal,
): AsyncGenerator<Part, void, void> {
  const started = performance.now();
  const counted = countingTokens(methodOf(method));
  const prompt = { messages: [{ role: "user", content: text }], images: [picture] };
  const pieces = model.generate(prompt, { images: counted.method, maxTokens, signal });
  let firstMs = 0;
  for await (const { text: written, tokenIds, report } of pieces) {
    firstMs ||= performance.now() - started;
    yield report
      ? { text: written, tokenIds, summary: summaryOf(report, counted.total(), firstMs) }
      : { text: written, tokenIds };
    signal.throwIfAborted();
  }
}

function methodOf({ name, keepRatio = 1 }: MethodChoice): TokenMethod {
  return name === "divprune" ? divPrune({ budget: { keepRatio } }) : identity();
}

/** The method, and how many tokens it was offered. */
function countingTokens(method: TokenMethod) {
  let total = 0;
  const counted: TokenMethod = {
    ...method,
    open(context) {
      total += context.tokenCount;
      return method.open(context);
    },
  };
  return { method: counted, total: () => total };
}

function summaryOf(report: GenerateReport, imageTokens: number, firstMs: number): Summary {
  const { newTokens, decodeMs, path, promptTokens, fullPromptTokens } = report;
  const keptImageTokens = imageTokens - (fullPromptTokens - promptTokens);
  return { imageTokens, keptImageTokens, newTokens, firstMs, decodeMs, path };
}
