import { describe, expect, test, vi } from "vitest";
import { wordCosts } from "./word-costs.js";
import { unicodeWords, whitespaceWords } from "./words.js";

/** Counts as cl100k gives them, and with a space in front. */
const CL100K = new Map([
  ["the", [1, 1]],
  ["tokenizer", [1, 1]],
  ["strawberry", [3, 1]],
  ["antidisestablishmentarianism", [6, 6]],
  ["a", [1, 1]],
]);
const counts = (table: ReadonlyMap<string, readonly number[]>) => ({
  count: (text: string) => table.get(text.trimStart())![text.startsWith(" ") ? 1 : 0]!,
});

describe("wordCosts", () => {
  test("five words under cl100k, alone and with a space", () => {
    const { plain, spaced, words, distinctWords } = wordCosts(CL100K.keys(), counts(CL100K));
    expect([words, distinctWords]).toEqual([5, 5]);
    expect(plain).toEqual({ fertility: 2.4, continuedRate: 0.4, singleTokenRetention: 0.6 });
    expect(spaced).toEqual({ fertility: 2, continuedRate: 0.2, singleTokenRetention: 0.8 });
  });

  test("fertility counts occurrences, retention counts words; a word is encoded once", () => {
    const table = new Map([
      ["x", [1, 2]],
      ["yy", [4, 1]],
    ]);
    const tokenizer = { count: vi.fn(counts(table).count) };
    const { plain, spaced } = wordCosts(["x", "x", "yy", "x"], tokenizer);
    expect(plain).toEqual({ fertility: 7 / 4, continuedRate: 1 / 4, singleTokenRetention: 1 / 2 });
    expect(spaced).toEqual({ fertility: 7 / 4, continuedRate: 3 / 4, singleTokenRetention: 1 / 2 });
    expect(tokenizer.count).toHaveBeenCalledTimes(4);
  });

  test("no words cost nothing, an empty one is refused", () => {
    expect(wordCosts([], counts(CL100K)).plain).toEqual({
      fertility: 0,
      continuedRate: 0,
      singleTokenRetention: 0,
    });
    expect(() => wordCosts([""], counts(CL100K))).toThrow(
      /a word must be a string that is not empty/,
    );
  });
});

describe("splitters", () => {
  test("white space of any kind parts words", () => {
    expect([...whitespaceWords(" don't\u00a0stop,\u3000now\n\u0085x ")]).toEqual([
      "don't",
      "stop,",
      "now",
      "x",
    ]);
    expect([...whitespaceWords("")]).toEqual([]);
  });

  test("Unicode words leave punctuation out", () => {
    const words = unicodeWords("en");
    expect([...words("Don't stop, now: 3.14 (wow!) ...")]).toEqual([
      "Don't",
      "stop",
      "now",
      "3.14",
      "wow",
    ]);
    expect([...words("日本語を話す")].length).toBeGreaterThan(1);
    expect([...words("日本語を話す")].join("")).toBe("日本語を話す");
  });

  test("a long text without spaces loses nothing", () => {
    const text = "中文文本。".repeat(500);
    expect([...unicodeWords("zh")(text)].join("")).toBe(text.replaceAll("。", ""));
    expect([...unicodeWords("en")(`${"a".repeat(5000)} b`)]).toEqual(["a".repeat(5000), "b"]);
  });
});
