import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { loadTokenizer, readSentencePiece } from "../index.js";

const ROOT = new URL("../../../../goldens/tokenizers/", import.meta.url);
const model = (name: string) => loadTokenizer(new URL(`sentencepiece/${name}.model`, ROOT));

describe("a .tiktoken file", () => {
  const lines = (tokens: readonly string[]): string =>
    [...Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)), ...tokens]
      .map((token, rank) => `${btoa(token)} ${rank}\n`)
      .join("");
  // The vocabulary of the card's worked example, above the bytes.
  const ranks = lines(["ab", "cb", "ac", "bb", "cbb", "acbb"]);
  const tiktoken = { pattern: "cl100k", specialTokens: { "<|end|>": 300 } };

  it.each([
    ["abacb", ["ab", "a", "cb"]],
    ["abacbb", ["ab", "acbb"]],
    ["acbbab", ["acbb", "ab"]],
    ["bbb", ["bb", "b"]],
    ["ccbb", ["c", "cbb"]],
  ])("merges by rank: %s", async (text, tokens) => {
    const tokenizer = await loadTokenizer(ranks, { tiktoken });
    expect([...tokenizer.encode(text)].map((id) => tokenizer.idToToken(id))).toEqual(tokens);
  });

  it("knows special tokens, starts and bytes", async () => {
    const tokenizer = await loadTokenizer(new TextEncoder().encode(ranks), { tiktoken });
    const ids = tokenizer.encode("é<|end|>ab");
    expect([...ids]).toEqual([0xc3, 0xa9, 300, 256]);
    expect(tokenizer.decodeWithStarts(ids)).toEqual({
      text: "é<|end|>ab",
      starts: Uint32Array.of(0, 0, 1, 8),
    });
    expect([...tokenizer.decodeBytes([0xc3])]).toEqual([0xc3]);
    expect(() => tokenizer.encode("<|end|>", { refuseSpecialTokens: true })).toThrow(/refused/);
  });

  it.each([
    ["no pattern", ranks, {}],
    ["a line that is none", `${ranks}x y z\n`, { tiktoken }],
    ["a rank given twice", `${ranks}${btoa("zz")} 0\n`, { tiktoken }],
    ["bytes that are missing", "YQ== 0\n", { tiktoken }],
    ["a broken pattern", ranks, { tiktoken: { pattern: "(" } }],
  ])("is refused: %s", async (_, source, options) => {
    await expect(loadTokenizer(source, options)).rejects.toSatisfy((error) =>
      FrugalError.is(error),
    );
  });
});

describe("a SentencePiece model", () => {
  it("gives places in the text, also where spaces fall away", async () => {
    const tokenizer = await model("unigram-nmt-nfkc");
    const { ids, offsets } = tokenizer.encodeWithOffsets("  the  king ");
    const slices = Array.from(ids, (_, i) =>
      "  the  king ".slice(offsets[i * 2], offsets[i * 2 + 1]),
    );
    expect(slices.join("").replaceAll(" ", "")).toBe("theking");
    expect(tokenizer.decode(ids)).toBe("the king");
  });

  it("adds begin and end tokens when asked", async () => {
    const options = { sentencePiece: { addBos: true, addEos: true } };
    const source = new URL("sentencepiece/bpe-llama-like.model", ROOT);
    const tokenizer = await loadTokenizer(source, options);
    const { bos, eos } = tokenizer.specialIds;
    const ids = tokenizer.encode("a");
    expect([ids[0], ids.at(-1)]).toEqual([bos, eos]);
    expect(tokenizer.decode(ids)).toBe("a");
  });

  it("streams characters in bytes, none in halves", async () => {
    const tokenizer = await model("bpe-byte-fallback");
    const stream = tokenizer.decoder();
    const pieces = [...tokenizer.encode("x 😀 é")].map((id) => stream.push(id));
    expect(pieces.join("") + stream.end()).toBe("x 😀 é");
    expect(pieces.join("")).not.toContain("\ufffd");
  });

  it("is refused or read where it was cut or changed, never worse", async () => {
    const response = await import("node:fs/promises");
    const bytes = await response.readFile(new URL("sentencepiece/bpe-symbols.model", ROOT));
    let refused = 0;
    for (let i = 1; i < 400; i++) {
      const broken = Uint8Array.from(
        bytes.subarray(0, i % 2 ? bytes.length : (i * 31) % bytes.length),
      );
      broken[(i * 7919) % broken.length]! ^= 1 << (i % 8);
      try {
        const tokenizer = await loadTokenizer(broken);
        tokenizer.decode(tokenizer.encode("Once upon a time <sep> 😀"));
      } catch (error) {
        expect(FrugalError.is(error)).toBe(true);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it("names what it lacks", () => {
    expect(() => readSentencePiece(new Uint8Array([0x0a, 0x7f]))).toThrow(/ends inside a field/);
    expect(() => readSentencePiece(new Uint8Array(0))).toThrow(/unknown piece/);
  });
});

describe("a source", () => {
  it("that is not there is an error of its own", async () => {
    await expect(loadTokenizer("no/such/file.json")).rejects.toSatisfy((error) =>
      FrugalError.is(error, "SourceError"),
    );
  });
});
