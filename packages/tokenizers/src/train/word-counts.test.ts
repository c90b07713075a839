import { expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { wordCounts } from "./word-counts.js";

const BYTES = { type: "ByteLevel", add_prefix_space: false };
const counted = async (...args: Parameters<typeof wordCounts>) => [...(await wordCounts(...args))];

test("counts whole texts where nothing splits them, in the order in which they are seen", async () => {
  expect(await counted(["b", "a", "b", ""])).toEqual([
    ["b", 2],
    ["a", 1],
  ]);
});

test("normalizes and splits with the components of tokenizer.json", async () => {
  const options = { normalizer: { type: "Lowercase" }, preTokenizer: { type: "Whitespace" } };
  expect(await counted(["The the, THE", "end"], options)).toEqual([
    ["the", 3],
    [",", 1],
    ["end", 1],
  ]);
});

test("writes words in the byte alphabet", async () => {
  expect(await counted(["é é"], { preTokenizer: BYTES })).toEqual([
    ["Ã©", 1],
    ["ĠÃ©", 1],
  ]);
  expect(await counted(["a"], { preTokenizer: { type: "ByteLevel" } })).toEqual([["Ġa", 1]]);
});

const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

test("splits alike with a machine and with the pattern that it knows", async () => {
  const texts = ["It's 12 o'clock,\n\n  isn't it?  ", "naïve  Ærøskøbing 東京 \u00a0 x", "", " "];
  const known = await counted(texts, { preTokenizer: BYTES });
  const split = { type: "Split", pattern: { Regex: `(?:${GPT2})` }, behavior: "Isolated" };
  const noRegex = { ...BYTES, use_regex: false };
  const preTokenizer = { type: "Sequence", pretokenizers: [split, noRegex] };
  expect(await counted(texts, { preTokenizer })).toEqual(known);
});

test("splits as the tokenizer does that will read the words", async () => {
  const preTokenizer = { type: "Metaspace", replacement: "▁", prepend_scheme: "always" };
  const normalizer = { type: "NFKC" };
  const model = { type: "WordLevel", vocab: {}, unk_token: "<unk>" };
  const tokenizer = await loadTokenizer({ normalizer, pre_tokenizer: preTokenizer, model });
  const text = "ﬁne  words ½";
  const words = [...(await wordCounts([text], { normalizer, preTokenizer })).keys()];
  expect(words).toEqual([...new Set(tokenizer.preTokenize(tokenizer.normalize(text)).pieces)]);
});

test("keeps words apart that are keys of objects, and takes lone surrogates for U+FFFD", async () => {
  const options = { preTokenizer: { type: "WhitespaceSplit" } };
  const counts = await wordCounts(["__proto__ constructor \ud800 \udc00x \ufffd"], options);
  expect(counts.get("__proto__")).toBe(1);
  expect(counts.get("constructor")).toBe(1);
  expect(counts.get("\ufffd")).toBe(2);
  expect(counts.get("\ufffdx")).toBe(1);
});

test("reads a stream, tells how far it is, and stops at once", async () => {
  const controller = new AbortController();
  async function* endless() {
    for (;;) yield "one two three ".repeat(1000);
  }
  const onProgress = ({ done }: { done: number }): void => {
    if (done > 20) controller.abort(new RangeError("enough"));
  };
  const options = { preTokenizer: BYTES, signal: controller.signal, onProgress };
  await expect(wordCounts(endless(), options)).rejects.toThrow("enough");
});

test("gives the host a turn within one long text", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 0);
  const text = "some words ".repeat(1 << 20);
  const options = { preTokenizer: BYTES, signal: controller.signal };
  await expect(wordCounts([text], options)).rejects.toMatchObject({ name: "AbortError" });
});

test("refuses what is no corpus", async () => {
  await expect(wordCounts("a b")).rejects.toMatchObject({ code: "ArgumentError" });
  await expect(wordCounts([])).rejects.toMatchObject({ code: "ArgumentError" });
  await expect(wordCounts(["", ""])).rejects.toMatchObject({ argument: "corpus" });
  await expect(wordCounts([1 as unknown as string])).rejects.toMatchObject({
    argument: "corpus[0]",
  });
  await expect(wordCounts(["a"], { preTokenizer: { type: "No" } })).rejects.toMatchObject({
    code: "CapabilityError",
  });
  await expect(wordCounts(["a"], { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "AbortError",
  });
});

test("takes the matches of a pattern for words, in the byte alphabet", async () => {
  expect(await counted(["It's é"], { pattern: "gpt2" })).toEqual([
    ["It", 1],
    ["'s", 1],
    ["ĠÃ©", 1],
  ]);
  expect(await counted(["a1b22"], { pattern: "\\d++" })).toEqual([
    ["1", 1],
    ["22", 1],
  ]);
  const both = { pattern: "gpt2", preTokenizer: BYTES };
  await expect(wordCounts(["a"], both)).rejects.toMatchObject({ argument: "pattern" });
  await expect(wordCounts(["a"], { pattern: "(" })).rejects.toMatchObject({ code: "FormatError" });
});
