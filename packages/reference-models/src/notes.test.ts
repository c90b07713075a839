import fc from "fast-check";
import { expect, test } from "vitest";
import type { HeldOutBook } from "./held-out.js";
import { facts, withNotes } from "./notes.js";
import { recallPrompt } from "./recall.js";

test("every statement stands in the passage once, every question behind it once", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), (seed, count) => {
      const { text, asked } = withNotes(["One.", "Two.", "Three."], seed, count);
      const [passage, ...lines] = text.split("\nQuestion: ");
      expect(lines).toEqual(asked.map((fact) => `${fact.question} Answer: ${fact.answer}.`));
      for (const { statement } of facts(seed, count)) {
        expect(passage!.split(statement).length).toBe(2);
      }
    }),
    { numRuns: 50 },
  );
});

test("facts are about distinct pairs, up to all 192", () => {
  expect(
    new Set(facts(1, 192).map(({ question }) => question.replace(/hide|is|like/g, ""))).size,
  ).toBe(192);
});

test.each([
  [["a"], 1, 193, "count"],
  [["a"], 1, -1, "count"],
  [["a"], 0.5, 1, "seed"],
  [[], 1, 1, "paragraphs"],
] as const)("paragraphs %j, seed %d, count %d are refused", (paragraphs, seed, count, argument) => {
  expect(() => withNotes(paragraphs, seed, count)).toThrow(
    expect.objectContaining({ code: "ArgumentError", argument }),
  );
});

const book = (paragraphs: readonly string[]): HeldOutBook => ({
  title: "A_1",
  paragraphs,
  text: paragraphs.join("\n"),
});

test("short paragraphs are left out of a recall prompt, long ones cut", () => {
  const books = [book(["short", "x".repeat(81), "y".repeat(700)])];
  const { prompt } = recallPrompt(books, 1, { factCount: 1, paragraphCount: 2 });
  expect(prompt).not.toContain("short");
  expect(prompt).toContain("y".repeat(600));
  expect(prompt).not.toContain("y".repeat(601));
});

test("a recall prompt needs a book that is long enough and a fact to ask for", () => {
  const books = [book(["z".repeat(100)])];
  expect(() => recallPrompt(books, 1, { factCount: 1, paragraphCount: 2 })).toThrow(
    expect.objectContaining({ code: "ArgumentError", argument: "books" }),
  );
  expect(() => recallPrompt(books, 1, { factCount: 0, paragraphCount: 1 })).toThrow(
    expect.objectContaining({ code: "ArgumentError", argument: "factCount" }),
  );
});
