import { compress } from "@frugal/kv-cache";
import { streamingLlm } from "@frugal/kv-cache/scorers";
import { promptLookup } from "@frugal/speculative/drafters";
import { sampleAndMatch } from "@frugal/speculative/verifiers";
import { expect, test } from "vitest";
import { checkOptions, DEFAULT_MAX_TOKENS, type GenerateOptions } from "./options.js";

const draft = { drafter: promptLookup(), verifier: sampleAndMatch() };
const cache = (interval: number) =>
  compress({ scorer: streamingLlm(), budget: { tokens: 8 }, interval });

test("what is left out has a default", () => {
  expect(checkOptions({})).toEqual({ maxTokens: DEFAULT_MAX_TOKENS });
  expect(checkOptions({ maxTokens: 0, draft, cache: cache(2), chunkTokens: 1 }).maxTokens).toBe(0);
});

test.each<[string, GenerateOptions]>([
  ["maxTokens", { maxTokens: -1 }],
  ["maxTokens", { maxTokens: 2.5 }],
  ["chunkTokens", { chunkTokens: 0 }],
  ["chunkTokens", { chunkTokens: Number.NaN }],
  ["temperature", { temperature: -1 }],
  ["topP", { topP: 1.5 }],
  ["topK", { topK: 0.5 }],
  ["seed", { seed: 0.5 }],
  ["cache.interval", { draft, cache: cache(1) }],
  ["draft.drafter", { draft: { ...draft, drafter: {} as never } }],
  ["draft.verifier", { draft: { ...draft, verifier: undefined as never } }],
])("%s is refused before anything runs", (argument, options) => {
  expect(() => checkOptions(options)).toThrow(
    expect.objectContaining({ code: "ArgumentError", argument }),
  );
});
