/**
 * Makes the recall prompts whose answers stand in `scores-items.jsonl`.
 *
 * Shapes   books, seed  ->  a passage with facts in it, and the first question up to `Answer:`
 * Units    paragraphs shorter than 81 UTF-16 units are left out, longer ones cut at 600
 * Errors   ArgumentError where no book has enough paragraphs
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { HeldOutBook } from "./held-out.js";
import { withNotes } from "./notes.js";
import { random } from "./random.js";

const SHORTEST = 81;
const LONGEST = 600;

export interface RecallOptions {
  /** Facts hidden, in 1..192. */
  readonly factCount: number;
  /** Paragraphs the facts are hidden among. */
  readonly paragraphCount: number;
}

export interface RecallPrompt {
  readonly prompt: string;
  readonly answer: string;
}

export function recallPrompt(
  books: readonly HeldOutBook[],
  seed: number,
  { factCount, paragraphCount }: RecallOptions,
): RecallPrompt {
  if (!(factCount >= 1)) throw new ArgumentError("recallPrompt", "factCount", ">= 1", factCount);
  const pool = books
    .map((book) =>
      book.paragraphs.filter((p) => p.length >= SHORTEST).map((p) => p.slice(0, LONGEST)),
    )
    .filter((paragraphs) => paragraphs.length >= paragraphCount);
  if (pool.length === 0) {
    throw new ArgumentError(
      "recallPrompt",
      "books",
      `a book of ${paragraphCount} paragraphs`,
      books.length,
    );
  }
  const draw = random(seed);
  const paragraphs = pool[Math.floor(draw() * pool.length)]!;
  const first = Math.floor(draw() * (paragraphs.length - paragraphCount + 1));
  const passage = paragraphs.slice(first, first + paragraphCount);
  const { text, asked } = withNotes(passage, seed, factCount);
  const { question, answer } = asked[0]!;
  const body = text.slice(0, text.indexOf("\nQuestion: "));
  return { prompt: `${body}\nQuestion: ${question} Answer:`, answer };
}
