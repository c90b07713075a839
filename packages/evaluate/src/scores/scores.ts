/**
 * Follows the protocol of the published scores and compares item by item what was answered.
 *
 * Units    `samples` pictures, half as many recall prompts of each kind; shares in 0..1
 * Cost     the whole of it: 48 windows of 1,023 tokens for each language model, 1,014 recall prompts, 512 pictures with 4,062
 *          questions
 * Errors   ArgumentError for no sample; what the subjects throw; an abort rejects with the signal's reason
 */

import { heldOutBooks, type ScoreItem, scoreItems } from "@frugal/reference-models";
import { ArgumentError } from "@frugal/tensor/errors";
import type { PresenceHead } from "../tasks/presence.js";
import type { Subject } from "../types.js";
import { perplexityOf } from "./perplexity.js";
import { picturesOf } from "./pictures.js";
import { RECALL_SETTINGS, recallOf } from "./recall.js";

export interface ScoreSubjects {
  readonly fables?: Subject;
  readonly fablesDraft?: Subject;
  readonly scenes?: Subject;
  /** With `scenes`: its presence head. */
  readonly presenceHead?: PresenceHead;
}

export interface ScoreOptions {
  /** Default 512: everything that was published. */
  readonly samples?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((what: string, done: number, total: number) => void) | undefined;
}

/** What was answered against what was published. */
export interface ScoreComparison {
  readonly task: string;
  readonly model: string;
  readonly items: number;
  readonly differing: number;
  /** The first of them, for a look. */
  readonly examples: readonly {
    readonly item: string;
    readonly said: string;
    readonly expected: string;
  }[];
  /** Share of right answers, or F1 for presence, or perplexity; `published` on the same items. */
  readonly score: number;
  readonly published: number;
  readonly agrees: boolean;
}

export interface ScoreReport {
  readonly comparisons: readonly ScoreComparison[];
  readonly agrees: boolean;
}

/** Answers may differ where two logits nearly tie. */
export const MOST_DIFFERING = 0.01;
/** Of perplexity, relative. */
export const PERPLEXITY_TOLERANCE = 0.001;

export type Progress = (done: number, total: number) => void;

export async function scores(
  subjects: ScoreSubjects,
  options: ScoreOptions = {},
): Promise<ScoreReport> {
  const { samples = 512, signal, onProgress } = options;
  if (!Number.isSafeInteger(samples) || samples < 1) {
    throw new ArgumentError("scores", "samples", "a positive integer", samples);
  }
  const published = await scoreItems();
  const books = await heldOutBooks();
  const progress =
    (what: string): Progress =>
    (done, total) =>
      onProgress?.(what, done, total);
  const comparisons: ScoreComparison[] = [];
  const languageModels = { fables: subjects.fables, "fables-draft": subjects.fablesDraft };
  for (const [model, subject] of Object.entries(languageModels)) {
    if (!subject) continue;
    const items = itemsOf(published, "perplexity")
      .filter((item) => item.model === model)
      .slice(0, samples);
    const run = { signal, progress: progress(`perplexity of ${model}`) };
    comparisons.push(await perplexityOf(subject, model, books, items, run));
  }
  if (subjects.fables) {
    for (const setting of RECALL_SETTINGS) {
      const task =
        `recall ${setting.factCount} facts in ${setting.paragraphCount} paragraphs` as const;
      const items = itemsOf(published, task).slice(0, Math.ceil(samples / 2));
      const run = { signal, progress: progress(task) };
      comparisons.push(await recallOf(subjects.fables, task, setting, books, items, run));
    }
  }
  if (subjects.scenes) {
    const questions = itemsOf(published, "vqa");
    const presence = itemsOf(published, "presence").slice(0, samples);
    const run = { signal, progress: progress("pictures") };
    const head = subjects.presenceHead;
    comparisons.push(...(await picturesOf(subjects.scenes, head, questions, presence, run)));
  }
  return { comparisons, agrees: comparisons.every(({ agrees }) => agrees) };
}

function itemsOf<T extends ScoreItem["task"]>(
  items: readonly ScoreItem[],
  task: T,
): Extract<ScoreItem, { task: T }>[] {
  return items.filter((item): item is Extract<ScoreItem, { task: T }> => item.task === task);
}
