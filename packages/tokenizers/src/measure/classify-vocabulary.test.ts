import { describe, expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { classifyVocabulary } from "./classify-vocabulary.js";
import { vocabularyTexts } from "./vocabulary-texts.js";

const classOf = (token: string): string => {
  const { category, kind } = classifyVocabulary([token]).classes[0]!;
  return `${category} ${kind}`;
};

describe("classifyVocabulary", () => {
  test.each([
    [" the", "spaced_alpha LATIN"],
    ["ing", "inner_alpha LATIN"],
    ["Ġ", "pure_unicode pure_unicode"],
    ["é", "pure_unicode pure_unicode"],
    ["日", "char_alpha CJK"],
    ["<s>", "control_tokens control_token"],
    ["[INST]", "control_tokens control_token"],
    ["</p>", "inner_other other"],
    ["<H2>", "inner_other other"],
    ["<div>", "control_tokens control_token"],
    ["[x", "inner_other other"],
    ["<0y41>", "unicode_flanks unicode_flanks"],
    ["αb", "inner_other other"],
    ["bα", "inner_other other"],
    ["12", "inner_other other"],
    ["١٢", "inner_alpha ARABIC-INDIC"],
    ["ｱ", "char_alpha HALFWIDTH"],
    ["😀", "char_other char_other"],
    ["😀😀", "inner_other other"],
    ["𐐀", "char_alpha DESERET"],
    ["\u0378", "char_errors char_errors"],
    ["ab\u0378", "inner_errors errors"],
    [" \u0001", "spaced_errors spaced_errors"],
    ["a\ud800", "inner_errors errors"],
    ["  ", "spaced_other other"],
    [" ", "char_other char_other"],
    ["", "inner_other other"],
  ])("%j is %s", (token, expected) => {
    expect(classOf(token)).toBe(expected);
  });

  test("counts classes, and scripts over all places", () => {
    const { counts, scripts, classes } = classifyVocabulary([" the", "ing", "ж", " ж", "<s>"]);
    expect(classes).toHaveLength(5);
    expect([...counts].sort()).toEqual([
      ["char_alpha", 1],
      ["control_tokens", 1],
      ["inner_alpha", 1],
      ["spaced_alpha", 2],
    ]);
    expect([...scripts].sort()).toEqual([
      ["CYRILLIC", 2],
      ["LATIN", 2],
    ]);
  });

  test("refuses what is no text", () => {
    expect(() => classifyVocabulary([7 as unknown as string])).toThrow(/token 0 must be a string/);
  });
});

describe("vocabularyTexts", () => {
  const vocab = (tokens: readonly string[]) =>
    Object.fromEntries(tokens.map((token, id) => [token, id]));

  test("of bytes: their text, what is no whole character marked", async () => {
    const byteLevel = { type: "ByteLevel", add_prefix_space: false };
    const tokenizer = await loadTokenizer({
      version: "1.0",
      added_tokens: [{ id: 9, content: "<s>", special: true }],
      pre_tokenizer: byteLevel,
      decoder: byteLevel,
      model: { type: "BPE", vocab: vocab(["a", "Ġ", "Ġa", "Ã", "Ã©"]), merges: [] },
    });
    expect(vocabularyTexts(tokenizer)).toEqual(["a", " ", " a", "<0yÃ>", "é", "<s>"]);
  });

  test("of pieces: a leading mark is a space, a fallback byte its letter", async () => {
    const tokenizer = await loadTokenizer({
      version: "1.0",
      model: {
        type: "WordLevel",
        vocab: vocab(["▁the", "▁", "a▁b", "<0x0A>", "##s"]),
        unk_token: "▁",
      },
    });
    expect(vocabularyTexts(tokenizer)).toEqual([" the", "▁", "a▁b", "Ċ", "##s"]);
  });
});
