import { expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { trainBpe } from "./bpe.js";
import { paddingTokens, type TRAINING_PRESETS, trainingPreset } from "./presets.js";
import { tokenizerFile } from "./tokenizer-file.js";
import { wordCounts } from "./word-counts.js";

const trained = async (name: (typeof TRAINING_PRESETS)[number], texts: readonly string[]) => {
  const preset = trainingPreset(name);
  const model = await trainBpe(await wordCounts(texts, preset), preset.options);
  const { unknownToken } = preset;
  const addedTokens = preset.options.specialTokens;
  return loadTokenizer(
    tokenizerFile({ ...preset, model: { ...model, unknownToken }, addedTokens }),
  );
};

test("code: digits one by one, parts of names, whole indentation", async () => {
  const line = "        returnValue = 1234;\n";
  const tokenizer = await trained("code", [line.repeat(3), line]);
  expect(tokenizer.preTokenize(line).pieces.map((piece) => piece.replaceAll("Ġ", " "))).toEqual([
    "       ",
    " return",
    "Value",
    " =",
    " ",
    "1",
    "2",
    "3",
    "4",
    ";Ċ",
  ]);
  expect(tokenizer.decode(tokenizer.encode(line))).toBe(line);
  expect([...tokenizer.encode("<|fim_prefix|>")]).toEqual([1]);
  expect(tokenizer.path.name).not.toBe("general");
});

test("dna: whole sequences between marks", async () => {
  const tokenizer = await trained("dna", ["ACGTACGTACGT\n", "GGGACGT\n"]);
  const ids = tokenizer.encode("ACGTACGTACGT");
  expect([...ids].map((id) => tokenizer.idToToken(id))).toEqual(["[CLS]", "ACGTACGTACGT", "[SEP]"]);
  const unknown = [...tokenizer.encode("AXN", { addSpecialTokens: false })];
  expect(unknown.map((id) => tokenizer.idToToken(id))).toEqual(["A", "[UNK]", "N"]);
  expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe("ACGTACGTACGT");
});

test("characters: at most three characters a token", async () => {
  const tokenizer = await trained("characters", ["international ﬁnance ".repeat(20)]);
  const tokens = [...tokenizer.encode("international finance")].map(
    (id) => tokenizer.idToToken(id)!,
  );
  expect(Math.max(...tokens.map((token) => token.length))).toBe(3);
});

test("refuses other names", () => {
  expect(() => trainingPreset("poems" as "code")).toThrow(/code, dna, characters; got "poems"/);
});

test("fills a vocabulary up to a power of two, leaving out what is there", () => {
  expect(paddingTokens(["a", "b", "c", "  ", "e"])).toEqual(["\n\n", "   ", "\n\n\n"]);
  expect(paddingTokens(["a", "b"])).toEqual([]);
  expect(paddingTokens([])).toEqual(["  "]);
});
