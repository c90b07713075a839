/** Files that were changed byte by byte: a typed error, or a tokenizer that decodes what it encodes. */
import { readFileSync } from "node:fs";
import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { type LoadOptions, loadTokenizer } from "../src/index.js";
import { byteLevelFile, characterFile } from "./small.js";

const COUNT = 200;
const TEXT = "hello  wörld <s> <m> 123\n😀";
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const golden = (path: string): Uint8Array =>
  readFileSync(new URL(`../../../goldens/tokenizers/${path}`, import.meta.url));

/** A small generator of its own: tests draw the same mutations every time. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One to four changes: a bit, a byte, a number made huge, a part cut out, doubled or moved, the end cut off. */
function mutated(file: Uint8Array, draw: (below: number) => number): Uint8Array {
  let out = Array.from(file);
  for (let n = 1 + draw(4); n > 0; n--) {
    const at = draw(out.length);
    const length = 1 + draw(24);
    switch (draw(8)) {
      case 0:
        out[at]! ^= 1 << draw(8);
        break;
      case 1:
        out[at] = draw(256);
        break;
      case 2:
        out = [...out.slice(0, at), ...out.slice(at + length)];
        break;
      case 3:
        out = [...out.slice(0, at + length), ...out.slice(at)];
        break;
      case 4:
        out = [...out.slice(at), ...out.slice(0, at)];
        break;
      case 5:
        for (let i = at; i < Math.min(at + 8, out.length); i++) out[i] = 0xff;
        break;
      case 6:
        out = [...out.slice(0, at), ...new TextEncoder().encode("4000000000"), ...out.slice(at)];
        break;
      default:
        if (draw(4) === 0) out = out.slice(0, at);
    }
    if (out.length === 0) return new Uint8Array(0);
  }
  return Uint8Array.from(out);
}

const CODES = ["FormatError", "CapabilityError", "SourceError"] as const;

async function isSafe(file: Uint8Array, options: LoadOptions): Promise<boolean> {
  try {
    const tokenizer = await loadTokenizer(file, options);
    const { ids, offsets } = tokenizer.encodeWithOffsets(TEXT);
    expect(offsets).toHaveLength(ids.length * 2);
    expect(tokenizer.encode(TEXT)).toEqual(ids);
    const text = tokenizer.decode(ids);
    expect(tokenizer.decode(ids)).toBe(text);
    for (const id of ids) expect(tokenizer.idToToken(id)).toBeDefined();
    return true;
  } catch (error) {
    if (CODES.some((code) => FrugalError.is(error, code))) return false;
    throw error;
  }
}

const words = ["[UNK]", "hello", "w", "##ö", "##r", "##ld", "1", "##23", "<", "s", ">", "m"];
const vocab = Object.fromEntries(words.map((word, id) => [word, id]));
const wordPieceFile = {
  version: "1.0",
  added_tokens: [{ id: 0, content: "[UNK]", special: true }],
  pre_tokenizer: { type: "BertPreTokenizer" },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab,
  },
};
const wordLevelFile = {
  version: "1.0",
  pre_tokenizer: { type: "Whitespace" },
  model: { type: "WordLevel", unk_token: "[UNK]", vocab },
};
const pieces = ["<unk>", "▁", "h", "e", "l", "o", "llo", "▁hello", "w", "ö", "r", "d", "▁w", "ld"];
const unigramFile = {
  version: "1.0",
  pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always" },
  decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always" },
  model: { type: "Unigram", unk_id: 0, vocab: pieces.map((piece, i) => [piece, -i / 2]) },
};
const alphabet = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
const ranks = [...alphabet, "he", "ll", "hell", "hello", " w"]
  .map((token, rank) => `${btoa(token)} ${rank}\n`)
  .join("");

/** Metadata of a GGUF file with a SentencePiece tokenizer. */
function gguf(): Uint8Array {
  const parts: number[] = [];
  const number = (value: number, size: number): void => {
    for (let i = 0; i < size; i++) parts.push(Math.floor(value / 256 ** i) & 255);
  };
  const text = (value: string): void => {
    const bytes = new TextEncoder().encode(value);
    number(bytes.length, 8);
    parts.push(...bytes);
  };
  parts.push(...new TextEncoder().encode("GGUF"));
  number(3, 4);
  number(0, 8);
  number(6, 8);
  text("tokenizer.ggml.model");
  number(8, 4);
  text("llama");
  text("tokenizer.ggml.add_bos_token");
  number(7, 4);
  parts.push(0);
  const list = (key: string, type: number, put: (i: number) => void): void => {
    text(`tokenizer.ggml.${key}`);
    number(9, 4);
    number(type, 4);
    number(pieces.length, 8);
    for (const i of pieces.keys()) put(i);
  };
  list("tokens", 8, (i) => text(pieces[i]!));
  list("token_type", 5, (i) => number(i === 0 ? 2 : 1, 4));
  list("scores", 6, (i) => {
    parts.push(...new Uint8Array(Float32Array.of(-i / 2).buffer));
  });
  text("general.name");
  number(8, 4);
  text("x");
  return Uint8Array.from(parts);
}

describe(`${COUNT} changed files are refused or read`, () => {
  const tiktoken = { pattern: "o200k" };
  const files: [string, Uint8Array, LoadOptions][] = [
    ["BPE of bytes", bytesOf(byteLevelFile()), {}],
    ["BPE of characters", bytesOf(characterFile()), {}],
    ["WordPiece", bytesOf(wordPieceFile), {}],
    ["WordLevel", bytesOf(wordLevelFile), {}],
    ["Unigram", bytesOf(unigramFile), {}],
    ["SentencePiece BPE", golden("sentencepiece/bpe-byte-fallback.model"), {}],
    ["SentencePiece Unigram", golden("sentencepiece/unigram-digits.model"), {}],
    [".tiktoken", new TextEncoder().encode(ranks), { tiktoken }],
    ["GGUF", gguf(), {}],
  ];

  it.each(files)("%s", async (_, file, options) => {
    expect(await isSafe(file, options)).toBe(true);
    const draw = drawing(31);
    let refused = 0;
    for (let i = 0; i < COUNT; i++) if (!(await isSafe(mutated(file, draw), options))) refused++;
    expect(refused).toBeGreaterThan(COUNT / 10);
  });
});
