/**
 * Reads what an independent program answered with these models, item by item.
 *
 * Units    `nats` is a sum over the item's tokens; an item of `vqa` is a picture's seed and the question
 * Cost     one read of 700 kB at each call
 * Errors   SourceError where the file cannot be read, FormatError for a line that is none of the items
 */
import { FormatError } from "@frugal/tensor/errors";
import type { QuestionKind } from "./questions.js";
import { readText } from "./read.js";

export type ScoreItem = PerplexityItem | RecallItem | PresenceItem | QuestionItem;

/** One window of held-out text, at most 1,023 tokens behind the end-of-text id. */
export interface PerplexityItem {
  readonly task: "perplexity";
  readonly model: "fables" | "fables-draft";
  readonly item: number;
  readonly tokens: number;
  readonly nats: number;
}

/** One recall prompt; `item` is added to the first of the scored note seeds. */
export interface RecallItem {
  readonly task: `recall ${number} facts in ${number} paragraphs`;
  readonly item: number;
  readonly tokens: number;
  readonly said: string;
  readonly answer: string;
}

/** The (color, shape) pairs seen in a picture, color-major indices in 0..63; `item` is its seed. */
export interface PresenceItem {
  readonly task: "presence";
  readonly item: number;
  readonly seen: readonly number[];
  readonly true: readonly number[];
}

/** One question about a picture; `item` reads `SEED QUESTION`. */
export interface QuestionItem {
  readonly task: "vqa";
  readonly item: string;
  readonly kind: QuestionKind;
  readonly said: string;
  readonly answer: string;
}

const TASK = /^(perplexity|presence|vqa|recall \d+ facts in \d+ paragraphs)$/;

export async function scoreItems(): Promise<readonly ScoreItem[]> {
  return parseItems(await readText(new URL("../models/scores-items.jsonl", import.meta.url)));
}

export function parseItems(file: string): ScoreItem[] {
  return file
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => {
      const item = parseLine(line, index);
      if (TASK.test(item.task)) return item;
      throw new FormatError("parseItems", `line ${index + 1} has no known task`);
    });
}

function parseLine(line: string, index: number): ScoreItem {
  try {
    return JSON.parse(line) as ScoreItem;
  } catch (cause) {
    throw new FormatError("parseItems", `line ${index + 1} is not JSON`, { cause });
  }
}
