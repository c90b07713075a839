import { expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { tokenizerFile } from "./tokenizer-file.js";
import { trainWordPiece } from "./word-piece.js";

const words = new Map([
  ["unaffable", 3],
  ["affable", 4],
  ["un", 5],
]);

test("merges the most frequent pair first, tokens within a word with the prefix", async () => {
  const options = { specialTokens: ["[UNK]"], vocabularySize: 16 };
  const { vocabulary } = await trainWordPiece(words, options);
  // u ##n stands 8 times; ##a ##b as often as ##f ##f, 7 times, and its ids are smaller.
  expect(vocabulary.join(" ")).toBe("[UNK] a b e f l n u ##a ##b ##e ##f ##l ##n un ##ab");
});

test("takes another prefix", async () => {
  const trained = await trainWordPiece(words, { continuingSubwordPrefix: "@" });
  expect(trained.continuingSubwordPrefix).toBe("@");
  expect(trained.vocabulary).toContain("@affable");
});

test("gives a model that encodes the words it learned from", async () => {
  const model = await trainWordPiece(words, { specialTokens: ["[UNK]"] });
  const preTokenizer = { type: "WhitespaceSplit" };
  const decoder = { type: "WordPiece", prefix: "##", cleanup: false };
  const tokenizer = await loadTokenizer(tokenizerFile({ model, preTokenizer, decoder }));
  const tokens = (text: string) => [...tokenizer.encode(text)].map((id) => tokenizer.idToToken(id));
  expect(tokens("unaffable un")).toEqual(["unaffable", "un"]);
  expect(tokens("affab x")).toEqual(["a", "##ff", "##ab", "[UNK]"]);
  expect(tokenizer.decode(tokenizer.encode("unaffable un"))).toBe("unaffable un");
});

test("names itself in errors", async () => {
  await expect(trainWordPiece(new Map())).rejects.toThrow(/^trainWordPiece: words/);
});
