import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  heldOutBooks,
  modelDirectory,
  presenceOf,
  QUESTION_KINDS,
  questions,
  recallPrompt,
  SCORED_NOTE_SEEDS,
  SCORED_SCENE_SEEDS,
  scene,
  scoreItems,
} from "../src/index.js";

const models = new URL("../models/", import.meta.url);

test("the weights are those the scores were measured with", () => {
  const lines = readFileSync(new URL("SHA256SUMS", models), "utf8").trim().split("\n");
  const wrong = lines.filter((line) => {
    const [sum, path] = line.split(/\s+/);
    const bytes = readFileSync(new URL(path!, models));
    return createHash("sha256").update(bytes).digest("hex") !== sum;
  });
  expect(lines.length).toBe(18);
  expect(wrong).toEqual([]);
});

test("a model's directory holds its configuration", () => {
  for (const [name, type] of [
    ["fables", "llama"],
    ["fables-draft", "llama"],
    ["scenes", "llava"],
  ] as const) {
    const config = readFileSync(new URL("config.json", modelDirectory(name)), "utf8");
    expect(JSON.parse(config).model_type).toBe(type);
  }
});

test("the scored pictures hold what the items say they hold, and are asked the same", async () => {
  const items = await scoreItems();
  const presence = items.filter((item) => item.task === "presence");
  const asked = items.filter((item) => item.task === "vqa");
  const expected: unknown[] = [];
  for (let seed = SCORED_SCENE_SEEDS.first; seed < SCORED_SCENE_SEEDS.end; seed++) {
    const drawn = scene(seed);
    const pairs = Array.from(presenceOf(drawn).entries()).filter(([, here]) => here === 1);
    const item = presence[seed - SCORED_SCENE_SEEDS.first]!;
    expect([item.item, item.true]).toEqual([seed, pairs.map(([pair]) => pair)]);
    for (const kind of QUESTION_KINDS) {
      for (const { question, answer } of questions(drawn, seed, 1, kind)) {
        expected.push([`${seed} ${question}`, kind, answer]);
      }
    }
  }
  expect(presence.length).toBe(SCORED_SCENE_SEEDS.end - SCORED_SCENE_SEEDS.first);
  expect(asked.map((item) => [item.item, item.kind, item.answer])).toEqual(expected);
});

test("the scored recall prompts ask for the answers that the items record", async () => {
  const books = await heldOutBooks();
  let compared = 0;
  for (const item of await scoreItems()) {
    if (!item.task.startsWith("recall ") || !("said" in item) || typeof item.item === "string")
      continue;
    const [factCount, paragraphCount] = item.task.match(/\d+/g)!.map(Number) as [number, number];
    const seed = SCORED_NOTE_SEEDS.first + item.item;
    const { prompt, answer } = recallPrompt(books, seed, { factCount, paragraphCount });
    expect([item.task, item.item, answer]).toEqual([item.task, item.item, item.answer]);
    expect(prompt.endsWith(" Answer:")).toBe(true);
    expect(prompt.split("\nQuestion: ").length).toBe(2);
    compared++;
  }
  expect(compared).toBe(256 * 3 + 246);
});

test("the held-out text is 48 books with titles, no line empty", async () => {
  const books = await heldOutBooks();
  expect(books.length).toBe(48);
  for (const { title, paragraphs, text } of books) {
    expect(title).toMatch(/_\d+$/);
    expect(paragraphs.every((paragraph) => paragraph !== "")).toBe(true);
    expect(paragraphs.join("\n")).toBe(text);
  }
});
