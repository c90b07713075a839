import { expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { tokenizerFile } from "./tokenizer-file.js";
import { type TrainWordLevelOptions, trainWordLevel } from "./word-level.js";

const train = (counts: Record<string, number>, options?: TrainWordLevelOptions) =>
  trainWordLevel(new Map(Object.entries(counts)), options).vocabulary;

test("orders words by count, then by code point", () => {
  const counts = { b: 2, a: 2, c: 3, "\u{1f600}": 2, "\uff5e": 2 };
  expect(train(counts)).toEqual(["c", "a", "b", "\uff5e", "\u{1f600}"]);
});

test("stops at the size and at rare words", () => {
  expect(train({ a: 3, b: 2, c: 1 }, { vocabularySize: 2, specialTokens: ["?"] })).toEqual([
    "?",
    "a",
  ]);
  expect(train({ a: 3, b: 2, c: 1 }, { minFrequency: 2 })).toEqual(["a", "b"]);
});

test("puts a word that is a special token where the word stands, and counts it twice", () => {
  const options = { specialTokens: ["<unk>", "the", "<pad>"], vocabularySize: 5 };
  expect(train({ a: 4, the: 3, of: 2 }, options)).toEqual(["<unk>", "<pad>", "a", "the"]);
});

test("gives a model for a file", async () => {
  const words = new Map([["constructor", 2]]);
  const model = trainWordLevel(words, { specialTokens: ["<unk>"] });
  const tokenizer = await loadTokenizer(tokenizerFile({ model }));
  expect([...tokenizer.encode("constructor")]).toEqual([1]);
  expect([...tokenizer.encode("toString")]).toEqual([0]);
});

test("refuses what it cannot train on", () => {
  expect(() => train({})).toThrow(/trainWordLevel: words must be at least one word/);
  expect(() => train({ a: 1 }, { vocabularySize: -1 })).toThrow(/vocabularySize/);
  expect(() => train({ a: 1 }, { minFrequency: 0.5 })).toThrow(/minFrequency/);
});
