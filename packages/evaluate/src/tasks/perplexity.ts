/**
 * Shrinks the cache behind a held-out text and measures how well the text that follows is foretold.
 *
 * Units    quality in nats a token: lower is better; `tokens`: slots a head that stay of the prefix
 * Errors   ArgumentError for windows that the model's positions or the books do not hold
 */

import type { HeldOutBook } from "@frugal/reference-models";
import { ArgumentError } from "@frugal/tensor/errors";
import { lossOfRows } from "../loss.js";
import type { Arm, CacheMethod, Item, Subject, Task, Trial } from "../types.js";
import { meanLength } from "./listen.js";
import { promptIds } from "./prompt-ids.js";

export interface PerplexityOptions {
  readonly books: readonly HeldOutBook[];
  /** Tokens behind which the cache shrinks. Default 512. */
  readonly prefixTokens?: number;
  /** Tokens that are foretold. Default 256. */
  readonly scoredTokens?: number;
}

export function perplexity(subject: Subject, options: PerplexityOptions): Task<CacheMethod> {
  const { books, prefixTokens = 512, scoredTokens = 256 } = options;
  const length = prefixTokens + scoredTokens;
  const windows = books
    .map(({ text }) => promptIds(subject, text))
    .filter((w) => w.length >= length);
  if (windows.length === 0 || length > subject.maxPositions) {
    const expected = `at most ${subject.maxPositions} together, and in a book`;
    throw new ArgumentError("perplexity", "prefixTokens, scoredTokens", expected, length);
  }
  return {
    name: "perplexity",
    title: "Cache: how well the next words are foretold",
    items: "windows",
    quality: { name: "nats a token", better: "lower", isShare: false },
    cost: "cached tokens a head",
    async open(index, _arms, signal): Promise<Item<CacheMethod>> {
      const ids = windows[index % windows.length]!.subarray(0, length);
      return {
        run: async (arm) => [
          await trial(
            subject,
            ids.subarray(0, prefixTokens),
            ids.subarray(prefixTokens),
            arm,
            signal,
          ),
        ],
      };
    },
  };
}

async function trial(
  subject: Subject,
  before: Uint32Array,
  after: Uint32Array,
  { method }: Arm<CacheMethod>,
  signal: AbortSignal | undefined,
): Promise<Trial> {
  const policies = method ? [method] : [];
  const prefix = await subject.prefill({ ids: before }, { policies, signal });
  try {
    const started = performance.now();
    if (method) await prefix.compress(method);
    const tokens = meanLength(subject, prefix.cache);
    const first = lossOfRows(prefix.logits, after.subarray(0, 1));
    const { logits } = await subject.step({
      rows: [{ cache: prefix.cache, tokens: after.subarray(0, -1) }],
      logits: "all",
    });
    const nats = first + lossOfRows(logits[0]!.data, after.subarray(1));
    return {
      quality: nats / after.length,
      tokens,
      elapsedMs: performance.now() - started,
    };
  } finally {
    prefix.dispose();
  }
}
