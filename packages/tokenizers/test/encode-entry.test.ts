import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { loadEncoder } from "../src/encode/index.js";
import { loadTokenizer } from "../src/index.js";
import { byteCharacters } from "../src/text/byte-characters.js";
import { engineFile } from "./engine-files.js";
import { drawing, drawnText, PRE_TOKENIZERS } from "./engine-texts.js";
import { modelFile } from "./models.js";
import { byteLevelFile, characterFile } from "./small.js";

const PLAIN = { addSpecialTokens: false } as const;

async function agrees(file: object | string, engine: "js" | "auto", strings: number) {
  const encoder = await loadEncoder(file, { engine });
  const tokenizer = await loadTokenizer(file, { engine });
  expect(encoder.path).toEqual(tokenizer.path);
  expect(encoder.vocabularySize).toBe(tokenizer.vocabularySize);
  expect(encoder.specialIds).toEqual(tokenizer.specialIds.all);
  const draw = drawing(31);
  for (let i = 0; i < strings; i++) {
    const text = drawnText(draw, 12);
    const options = { specialTokensAsText: draw(2) === 0 };
    const ids = encoder.encode(text, options);
    expect([text, ...ids]).toEqual([text, ...tokenizer.encode(text, { ...PLAIN, ...options })]);
    expect(encoder.count(text, options)).toBe(ids.length);
    expect(encoder.decode(ids)).toBe(tokenizer.decode(ids));
    const drawn = Array.from({ length: draw(8) }, () => draw(encoder.vocabularySize * 2));
    const skipSpecialTokens = draw(2) === 0;
    expect(encoder.decode(drawn, { skipSpecialTokens })).toBe(
      tokenizer.decode(drawn, { skipSpecialTokens }),
    );
    expect(encoder.decodeBytes(drawn)).toEqual(tokenizer.decodeBytes(drawn));
  }
}

describe("the encode-only entry gives what loadTokenizer gives", () => {
  it.each(PRE_TOKENIZERS)("%s", async (_, preTokenizer) => {
    await agrees(engineFile(preTokenizer, false), "js", 100);
    await agrees(engineFile(preTokenizer, true), "auto", 100);
  });

  it("fables", async () => {
    await agrees(modelFile("fables", "tokenizer.json"), "js", 300);
  });

  it("tokens around a text are not added", async () => {
    const encoder = await loadEncoder(byteLevelFile());
    expect([...encoder.encode("hello")]).toEqual([259]);
    expect([...encoder.encode("<s>hello")]).toEqual([262, 259]);
  });

  it("a normalization form, and added tokens that are found in it", async () => {
    const file = {
      ...byteLevelFile(),
      normalizer: { type: "NFC" },
      added_tokens: [{ id: 262, content: "e\u0301!", special: false, normalized: true }],
    };
    const [encoder, tokenizer] = [await loadEncoder(file), await loadTokenizer(file)];
    for (const text of ["cafe\u0301", "cafe\u0301!", "caf\u00e9!", "\u1100\u1161"])
      expect(encoder.encode(text)).toEqual(tokenizer.encode(text, PLAIN));
  });
});

describe("ranks of a .tiktoken file", () => {
  const ranks = (): string => {
    const bytes = Array.from(byteCharacters(), (_, byte) => String.fromCharCode(byte));
    const tokens = [...bytes, "he", "ll", "hell", "hello", " w", "\u00c3\u00a9"];
    return tokens.map((token, rank) => `${btoa(token)} ${rank}\n`).join("");
  };
  const specialTokens = { "<|end|>": 300 };

  it("give what loadTokenizer gives", async () => {
    const encoder = await loadEncoder(ranks(), { pattern: "o200k", specialTokens });
    const tokenizer = await loadTokenizer(ranks(), {
      tiktoken: { pattern: "o200k", specialTokens },
      engine: "js",
    });
    const draw = drawing(32);
    for (let i = 0; i < 300; i++) {
      const text = `${drawnText(draw, 5)}<|end|>hello ${drawnText(draw, 5)}`;
      expect([text, ...encoder.encode(text)]).toEqual([text, ...tokenizer.encode(text)]);
    }
    expect(encoder.decode([259, 300, 256], { skipSpecialTokens: true })).toBe("hellohe");
    expect(encoder.tokenToId("<|end|>")).toBe(300);
  });

  it.each([
    [{}, /option pattern/],
    [{ pattern: "[a-z]+" }, /loadTokenizer/],
  ])("need a pattern that has a machine: %o", async (options, message) => {
    await expect(loadEncoder(ranks(), options)).rejects.toThrow(message);
  });
});

describe("what it is not for is refused", () => {
  const file = byteLevelFile();
  it.each([
    ["characters", characterFile()],
    ["a decoder", { ...file, decoder: null }],
    ["a normalizer", { ...file, normalizer: { type: "Lowercase" } }],
    ["a pre-tokenizer", { ...file, pre_tokenizer: { type: "Whitespace" } }],
    ["no pre-tokenizer", { ...file, pre_tokenizer: null }],
    ["a model", { ...file, model: { type: "Unigram", vocab: [] } }],
    [
      "a vocabulary that lacks bytes",
      { ...file, model: { type: "BPE", vocab: { a: 0 }, merges: [] } },
    ],
  ])("%s", async (_, source) => {
    await expect(loadEncoder(source)).rejects.toThrow(/loadTokenizer for this file/);
  });

  it("by typed errors", async () => {
    await expect(loadEncoder("{")).rejects.toBeInstanceOf(FrugalError);
    const encoder = await loadEncoder(file);
    expect(() => encoder.encode(5 as unknown as string)).toThrow(FrugalError);
    expect(() => encoder.encode("<s>", { refuseSpecialTokens: true })).toThrow(FrugalError);
    expect(() => encoder.decode([-1])).toThrow(FrugalError);
  });
});
