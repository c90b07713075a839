import { describe, expect, test, vi } from "vitest";
import { languageTokenRate, pureTokenRate } from "./language-rates.js";

const WORDS = new Set(["are", "play", "ing"]);

describe("rates of tokens", () => {
  test("three of five tokens", () => {
    const tokens = ["Ca", "ts", "are", "play", "ing"];
    expect(languageTokenRate(tokens, WORDS)).toEqual({ rate: 0.6, valid: 3, tokens: 5 });
    expect(pureTokenRate(tokens, new Set(["play", "ing"]))).toEqual({
      rate: 0.4,
      valid: 2,
      tokens: 5,
    });
  });

  test("the table of the paper: 3,104 of 6,383 distinct tokens are 48.63 %", () => {
    const tokens = Array.from({ length: 6383 }, (_, i) => String(i));
    const { rate } = languageTokenRate(tokens, (token) => Number(token) < 3104);
    expect((100 * rate).toFixed(2)).toBe("48.63");
  });

  test("distinct tokens by default, all of them where asked", () => {
    const tokens = ["are", "x", "x", "x", "are", "are", "are"];
    expect(languageTokenRate(tokens, WORDS)).toEqual({ rate: 0.5, valid: 1, tokens: 2 });
    expect(languageTokenRate(tokens, WORDS, { unique: false })).toEqual({
      rate: 4 / 7,
      valid: 4,
      tokens: 7,
    });
  });

  test("marks of a word's start are no part of it; a mark alone is no word", () => {
    for (const token of ["▁are", "Ġare", " are", "##ing", "▁▁play"])
      expect(languageTokenRate([token], WORDS).valid).toBe(1);
    expect(languageTokenRate(["▁", "Ġ", " ", "##"], () => true).valid).toBe(1);
  });

  test("each distinct token is asked about once", () => {
    const isWord = vi.fn(() => true);
    languageTokenRate(["a", "a", "b", "a"], isWord, { unique: false });
    expect(isWord.mock.calls).toEqual([["a"], ["b"]]);
  });

  test("nothing of nothing is 0; no string is refused", () => {
    expect(languageTokenRate([], WORDS)).toEqual({ rate: 0, valid: 0, tokens: 0 });
    expect(() => pureTokenRate([1 as unknown as string], WORDS)).toThrow(/pureTokenRate: a token/);
  });
});
