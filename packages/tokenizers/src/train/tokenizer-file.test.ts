import { expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { tokenizerFile } from "./tokenizer-file.js";

const bpe = { type: "BPE", vocabulary: ["a", "b", "ab"], merges: [["a", "b"]] } as const;

test("writes a file that loads, with added tokens behind the vocabulary", async () => {
  const file = tokenizerFile({
    model: bpe,
    normalizer: { type: "Lowercase" },
    addedTokens: ["<s>", "b", { content: "Word", special: false, singleWord: true }],
  });
  const tokenizer = await loadTokenizer(JSON.stringify(file));
  expect([...tokenizer.encode("AB<s>aWord Word")]).toEqual([2, 3, 0, 4]);
  expect(file.added_tokens).toMatchObject([
    { id: 1, content: "b", normalized: false },
    { id: 3, content: "<s>" },
    { id: 4, normalized: true, single_word: true },
  ]);
  expect(tokenizer.specialIds.all).toEqual([1, 3]);
});

test("writes the other models", async () => {
  const wordPiece = tokenizerFile({
    model: { type: "WordPiece", vocabulary: ["[UNK]", "a", "##b"] },
  });
  expect([...(await loadTokenizer(wordPiece)).encode("ab")]).toEqual([1, 2]);
  const wordLevel = tokenizerFile({
    model: { type: "WordLevel", vocabulary: ["?", "ab"], unknownToken: "?" },
  });
  expect([...(await loadTokenizer(wordLevel)).encode("ab")]).toEqual([1]);
  const pieces = [
    ["<unk>", 0],
    ["a", -1],
    ["ab", -1.5],
  ] as const;
  const unigram = tokenizerFile({ model: { type: "Unigram", pieces, unknownId: 0 } });
  expect([...(await loadTokenizer(unigram)).encode("aba")]).toEqual([2, 1]);
});

test("keeps tokens that are keys of objects", async () => {
  const vocabulary = ["constructor", "__proto__", "1", "<unk>"];
  const file = tokenizerFile({ model: { type: "WordLevel", vocabulary } });
  const tokenizer = await loadTokenizer(JSON.stringify(file));
  expect(vocabulary.map((token) => tokenizer.tokenToId(token))).toEqual([0, 1, 2, 3]);
});

test("refuses parts that do not fit", () => {
  const refused = (parts: Parameters<typeof tokenizerFile>[0]) =>
    expect(() => tokenizerFile(parts));
  refused({ model: { ...bpe, vocabulary: ["a", "a"] } }).toThrow(/a token once/);
  refused({ model: { ...bpe, unknownToken: "<unk>" } }).toThrow(/Name it among the special/);
  refused({ model: { type: "WordLevel", vocabulary: ["a"] } }).toThrow(/unknownToken/);
  refused({ model: bpe, addedTokens: ["x", "x"] }).toThrow(/addedTokens/);
  refused({ model: bpe, addedTokens: [""] }).toThrow(/addedTokens/);
  refused({ model: bpe, preTokenizer: { type: "Nothing" } }).toThrow(/pre_tokenizer/);
  refused({ model: bpe, decoder: [] }).toThrow(/decoder must be an object/);
});
