/**
 * Perplexity of held-out text: one window a book, its first 1,023 tokens behind the begin token.
 *
 * Units    an item differs when its nats are off by more than the tolerance; perplexity over all tokens
 * Errors   FormatError when a window has another number of tokens than was published
 */

import type { HeldOutBook, PerplexityItem } from "@frugal/reference-models";
import { FormatError } from "@frugal/tensor/errors";
import { lossOfRows } from "../loss.js";
import { promptIds } from "../tasks/prompt-ids.js";
import type { Subject } from "../types.js";
import type { Run } from "./compare.js";
import { PERPLEXITY_TOLERANCE, type ScoreComparison } from "./scores.js";

const WINDOW = 1024;
const CHUNK = 256;

export async function perplexityOf(
  subject: Subject,
  model: string,
  books: readonly HeldOutBook[],
  items: readonly PerplexityItem[],
  { signal, progress }: Run,
): Promise<ScoreComparison> {
  let nats = 0;
  let expected = 0;
  let tokens = 0;
  const examples: ScoreComparison["examples"][number][] = [];
  for (const [index, item] of items.entries()) {
    signal?.throwIfAborted();
    const ids = promptIds(subject, books[index]!.text).subarray(0, WINDOW);
    if (ids.length - 1 !== item.tokens) {
      const problem = `${books[index]!.title} has ${ids.length - 1} tokens, not ${item.tokens}`;
      throw new FormatError("scores: perplexity", problem);
    }
    const here = await lossOf(subject, ids);
    if (Math.abs(here - item.nats) > PERPLEXITY_TOLERANCE * item.nats) {
      const said = here.toFixed(3);
      examples.push({ item: books[index]!.title, said, expected: item.nats.toFixed(3) });
    }
    nats += here;
    expected += item.nats;
    tokens += item.tokens;
    progress(index + 1, items.length);
  }
  const score = Math.exp(nats / tokens);
  const published = Math.exp(expected / tokens);
  return {
    task: "perplexity",
    model,
    items: items.length,
    differing: examples.length,
    examples: examples.slice(0, 5),
    score,
    published,
    agrees: Math.abs(score - published) <= PERPLEXITY_TOLERANCE * published,
  };
}

/** Nats of all ids but the first. */
async function lossOf(subject: Subject, ids: Uint32Array): Promise<number> {
  const cache = subject.newCache();
  try {
    let nats = 0;
    for (let from = 0; from < ids.length - 1; from += CHUNK) {
      const end = Math.min(ids.length - 1, from + CHUNK);
      const { logits } = await subject.step({
        rows: [{ cache, tokens: ids.slice(from, end) }],
        logits: "all",
      });
      nats += lossOfRows(logits[0]!.data, ids.subarray(from + 1, end + 1));
    }
    return nats;
  } finally {
    cache.dispose();
  }
}
