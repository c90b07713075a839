/**
 * The recommended set for a model: what to put into `generate` when you don't want to choose.
 *
 * Image tokens  DivPrune keeps a quarter (models with pictures)
 * Cache         SnapKV over the last 32 queries, uniform, evicting, half of the model's positions at most
 * Draft         prompt lookup, verified by sample-and-match: the text does not change
 */
import { compress } from "@frugal/kv-cache";
import { uniform } from "@frugal/kv-cache/allocators";
import { evict } from "@frugal/kv-cache/reducers";
import { snapKv } from "@frugal/kv-cache/scorers";
import { promptLookup } from "@frugal/speculative/drafters";
import { sampleAndMatch } from "@frugal/speculative/verifiers";
import { divPrune } from "@frugal/vision-token-pruning/methods";
import type { LanguageModel } from "../model/language-model.js";
import type { GenerateOptions } from "./options.js";

export function defaults(
  model: LanguageModel,
): Required<Pick<GenerateOptions, "cache" | "draft">> & Pick<GenerateOptions, "images"> {
  return {
    ...(model.shape.encoder ? { images: divPrune({ budget: { keepRatio: 0.25 } }) } : {}),
    cache: compress({
      scorer: snapKv({ window: 32 }),
      allocator: uniform(),
      reducer: evict(),
      budget: { tokens: Math.ceil(model.maxPositions / 2) },
      positions: "original",
      sinks: 4,
    }),
    draft: { drafter: promptLookup(), verifier: sampleAndMatch() },
  };
}
