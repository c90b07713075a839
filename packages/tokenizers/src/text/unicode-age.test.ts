import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../load.js";
import { classOf, rangesOf, SINCE_9, SINCE_10, SINCE_17 } from "./unicode-age.js";

const component = (change: object) =>
  loadTokenizer({
    version: "1.0",
    model: { type: "WordLevel", vocab: {}, unk_token: "<unk>" },
    ...change,
  });

describe("the tables", () => {
  it.each([
    ["9.0", SINCE_9, [0x8d4, 0x1e943], [0x8b4, 0x41]],
    ["10.0", SINCE_10, [0x32ff, 0x1f16c, 0x20bf, 0x323af], [0x8d4, 0x32fe, 0x1f16b]],
    ["17.0", SINCE_17, [0xa7ce, 0x323b0, 0x16ff4], [0x16ff1, 0x323af, 0x897]],
  ])("hold what came with %s", (_, table, young, old) => {
    const isYoung = (code: number) =>
      rangesOf(table).some(([first, last]) => code >= first && code <= last);
    expect(young.map(isYoung)).toEqual(young.map(() => true));
    expect(old.map(isYoung)).toEqual(old.map(() => false));
    const pattern = new RegExp(`[${classOf(table)}]`, "u");
    for (const code of [...young, ...old])
      expect(pattern.test(String.fromCodePoint(code))).toBe(isYoung(code));
  });

  it("ascend and never touch one another", () => {
    for (const table of [SINCE_9, SINCE_10, SINCE_17]) {
      let last = -1;
      for (const [from, to] of rangesOf(table)) {
        expect(from).toBeGreaterThan(last);
        expect(to).toBeLessThanOrEqual(0x10ffff);
        last = to;
      }
    }
  });
});

/** What the reference gives for characters that its Unicode lacks, or has otherwise than the host's. */
describe("characters by the reference's Unicode", () => {
  it.each([
    [{ type: "NFKC" }, "\u32ff①", "\u32ff1"],
    [{ type: "NFD" }, "\u{105c9}é", "\u{105c9}e\u0301"],
    // A younger mark is a starter: marks are not sorted over it, and nothing is composed over it.
    [{ type: "NFD" }, "e\u0301\u0897\u0323", "e\u0301\u0897\u0323"],
    [{ type: "NFC" }, "e\u0897\u0301é", "e\u0897\u0301é"],
    [{ type: "StripAccents" }, "a\u0301\u0897\u1cf2\u{111c9}", "a\u0897\u{111c9}"],
    [
      { type: "BertNormalizer", strip_accents: true, lowercase: false },
      "é\u0eba\u1734\u1885\u{110cd}",
      "e\u0eba\u1885\u{110cd}",
    ],
  ])("%j", async (normalizer, text, expected) => {
    expect((await component({ normalizer })).normalize(text)).toBe(expected);
  });

  it.each([
    [{ type: "Punctuation" }, "a\u2e43b\u166dc!", ["a\u2e43b", "\u166d", "c", "!"]],
    [{ type: "Whitespace" }, "a\u1ad0b", ["a", "\u1ad0", "b"]],
    [{ type: "Digits" }, "a\u{16ff4}", ["a", "\u{16ff4}"]],
    [{ type: "UnicodeScripts" }, "a\u2bf8b\u061cб", ["a\u2bf8b", "\u061c", "б"]],
    [split("\\p{M}+"), "a\u0301\u1ad0", ["a", "\u0301", "\u1ad0"]],
    [split("\\w+"), "⟎³a", ["⟎", "³a"]],
    [split("[^\\w\\s]+"), "⟎³a", ["⟎³", "a"]],
    [split("[[:punct:]]+"), "a¢±b", ["a", "¢±", "b"]],
    [split("\u1ad0"), "a\u1ad0", ["a", "\u1ad0"]],
  ])("%j", async (pre_tokenizer, text, expected) => {
    expect((await component({ pre_tokenizer })).preTokenize(text).pieces).toEqual(expected);
  });
});

function split(source: string) {
  return { type: "Split", pattern: { Regex: source }, behavior: "Isolated", invert: false };
}
