/**
 * Keeps the first tokens, which draw attention whatever they say, and the newest ones.
 *
 * Paper    StreamingLLM, arXiv:2309.17453
 * Shapes   -> scores [1, T] f32: the slot's own number, so the newest rank highest
 * Units    sinks in slots
 * Needs    nothing: places decide
 * Cost     O(T)
 * Differs  eviction happens at boundaries, not before every token, and the policy says whether positions are re-assigned
 *          ("compact", as the paper does) or kept (as kvpress does)
 * Errors   ArgumentError for sinks or a window that is no count
 */
import { ArgumentError, floats } from "@frugal/tensor";
import { longestHead } from "../store/view.js";
import type { Scorer } from "../types.js";

/** @param options.sinks first slots that always stay; default 4 */
export function streamingLlm(
  options: { readonly sinks?: number } = {},
): Scorer<Record<never, never>> {
  const { sinks = 4 } = options;
  checkCount("streamingLlm", "sinks", sinks);
  return {
    name: "streaming-llm",
    granularity: "layer",
    protects: { sinks, recent: 0 },
    needs: () => ({}),
    open: () => ({
      scores(layer, cache) {
        const length = longestHead(cache, layer);
        return floats(
          [1, length],
          Float32Array.from({ length }, (_, slot) => slot),
        );
      },
    }),
  };
}

/** Slots that stay of `length`, so that `coming` more fit into `sinks + window`: the authors' rule by itself. */
export function streamingSlots(
  length: number,
  options: { readonly sinks: number; readonly window: number; readonly coming?: number },
): Uint32Array {
  const { sinks, window, coming = 0 } = options;
  for (const [name, value] of Object.entries({ length, sinks, window, coming })) {
    checkCount("streamingSlots", name, value);
  }
  const slots = Uint32Array.from({ length }, (_, slot) => slot);
  if (length + coming <= sinks + window) return slots;
  const newest = length - Math.max(0, window - coming);
  return slots.filter((slot) => slot < sinks || slot >= newest);
}

function checkCount(where: string, name: string, value: unknown): void {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return;
  throw new ArgumentError(where, name, "a non-negative integer", value);
}
