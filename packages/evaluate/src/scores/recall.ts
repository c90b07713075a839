/** Recall prompts whose answers were published: the text up to the first full stop, read as it is. */

import {
  type HeldOutBook,
  type RecallItem,
  type RecallOptions,
  recallPrompt,
  SCORED_NOTE_SEEDS,
} from "@frugal/reference-models";
import { FormatError } from "@frugal/tensor/errors";
import { listen } from "../tasks/listen.js";
import { promptIds } from "../tasks/prompt-ids.js";
import type { Subject } from "../types.js";
import { compareAnswers, type Run, type Said } from "./compare.js";
import { MOST_DIFFERING, type ScoreComparison } from "./scores.js";

/** New tokens that the protocol writes. */
const ANSWER_TOKENS = 8;

export const RECALL_SETTINGS: readonly RecallOptions[] = [
  { factCount: 1, paragraphCount: 2 },
  { factCount: 3, paragraphCount: 4 },
  { factCount: 6, paragraphCount: 8 },
  { factCount: 6, paragraphCount: 14 },
];

export async function recallOf(
  subject: Subject,
  task: string,
  setting: RecallOptions,
  books: readonly HeldOutBook[],
  items: readonly RecallItem[],
  { signal, progress }: Run,
): Promise<ScoreComparison> {
  const all: Said[] = [];
  for (const [index, item] of items.entries()) {
    signal?.throwIfAborted();
    const seed = SCORED_NOTE_SEEDS.first + item.item;
    const { prompt, answer } = recallPrompt(books, seed, setting);
    const ids = promptIds(subject, prompt);
    if (ids.length !== item.tokens || answer !== item.answer) {
      const problem = `prompt ${item.item} has ${ids.length} tokens and the answer ${answer}, not ${item.tokens} and ${item.answer}`;
      throw new FormatError(`scores: ${task}`, problem);
    }
    const { tokenIds } = await listen(subject.generate({ ids }, { maxTokens: ANSWER_TOKENS }));
    const said = subject.tokenizer.decode(tokenIds).split(".")[0]!.trim();
    all.push({ item: String(item.item), said, expected: item.said, answer });
    progress(index + 1, items.length);
  }
  return compareAnswers(task, "fables", all, MOST_DIFFERING);
}
