import { readFile } from "node:fs/promises";
import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { loadTokenizer, readSentencePiece } from "../index.js";
import type { GgufValue } from "./gguf-metadata.js";

const ROOT = new URL("../../../../goldens/tokenizers/", import.meta.url);
const TEXT = "Once upon a time, 'The King's 12 daughters'  – é 😀\n\n";

/** A GGUF file of metadata alone; numbers are i32, those of scores f32. */
function gguf(entries: Readonly<Record<string, GgufValue>>): Uint8Array {
  const parts: Uint8Array[] = [];
  const number = (size: number, put: (view: DataView) => void): void => {
    const bytes = new Uint8Array(size);
    put(new DataView(bytes.buffer));
    parts.push(bytes);
  };
  const u32 = (value: number): void => number(4, (view) => view.setUint32(0, value, true));
  const u64 = (value: number): void =>
    number(8, (view) => view.setBigUint64(0, BigInt(value), true));
  const text = (value: string): void => {
    const bytes = new TextEncoder().encode(value);
    u64(bytes.length);
    parts.push(bytes);
  };
  const typeOf = (key: string, value: GgufValue): number =>
    typeof value === "string" ? 8 : typeof value === "boolean" ? 7 : key.endsWith("scores") ? 6 : 5;
  const plain = (key: string, value: GgufValue): void => {
    if (typeof value === "string") text(value);
    else if (typeof value === "boolean") number(1, (view) => view.setUint8(0, Number(value)));
    else if (key.endsWith("scores")) number(4, (view) => view.setFloat32(0, value as number, true));
    else number(4, (view) => view.setInt32(0, value as number, true));
  };
  parts.push(new TextEncoder().encode("GGUF"));
  u32(3);
  u64(0);
  u64(Object.keys(entries).length);
  for (const [key, value] of Object.entries(entries)) {
    text(key);
    if (Array.isArray(value)) {
      u32(9);
      u32(typeOf(key, value[0] as GgufValue));
      u64(value.length);
      for (const item of value as readonly GgufValue[]) plain(key, item);
    } else {
      u32(typeOf(key, value));
      plain(key, value);
    }
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

async function gpt2(): Promise<{
  file: Record<string, unknown>;
  entries: Record<string, GgufValue>;
}> {
  const file = JSON.parse(await readFile(new URL("models/gpt2.json", ROOT), "utf8"));
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(file.model.vocab as Record<string, number>))
    tokens[id] = token;
  const special = new Set(file.added_tokens.map((token: { content: string }) => token.content));
  for (const { id, content } of file.added_tokens) tokens[id] = content;
  return {
    file,
    entries: {
      "general.architecture": "gpt2",
      "general.list": ["x", "y"],
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.pre": "gpt-2",
      "tokenizer.ggml.tokens": tokens,
      "tokenizer.ggml.token_type": tokens.map((token) => (special.has(token) ? 3 : 1)),
      "tokenizer.ggml.merges": file.model.merges.map((merge: string | string[]) =>
        typeof merge === "string" ? merge : merge.join(" "),
      ),
      "tokenizer.chat_template": "{{ messages[0].content }}!",
    },
  };
}

describe("a GGUF file", () => {
  it("of byte-level BPE gives the ids of its tokenizer.json", async () => {
    const { file, entries } = await gpt2();
    const tokenizer = await loadTokenizer(gguf(entries));
    const plain = await loadTokenizer({ ...file, post_processor: null });
    expect([...tokenizer.encode(TEXT)]).toEqual([...plain.encode(TEXT)]);
    expect(tokenizer.decode(tokenizer.encode(TEXT))).toBe(TEXT);
    expect(tokenizer.renderChat([{ role: "user", content: "hi" }])).toBe("hi!");
  });

  it("of SentencePiece gives the ids of its model", async () => {
    const source = new URL("sentencepiece/bpe-llama-like.model", ROOT);
    const { pieces, scores, types, ids } = readSentencePiece(await readFile(source));
    const tokenizer = await loadTokenizer(
      gguf({
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": pieces,
        "tokenizer.ggml.scores": [...scores],
        "tokenizer.ggml.token_type": [...types],
        "tokenizer.ggml.bos_token_id": ids.bos,
      }),
    );
    const plain = await loadTokenizer(source, { sentencePiece: { addBos: true } });
    expect([...tokenizer.encode(TEXT)]).toEqual([...plain.encode(TEXT)]);
    expect([...tokenizer.encode("a<s>b")].filter((id) => id === ids.bos)).toHaveLength(2);
  });

  it("of WordPiece puts prefixes back", async () => {
    const tokenizer = await loadTokenizer(
      gguf({
        "tokenizer.ggml.model": "bert",
        "tokenizer.ggml.tokens": ["[UNK]", "[CLS]", "[SEP]", "▁un", "aff", "able", "▁a"],
        "tokenizer.ggml.token_type": [2, 3, 3, 1, 1, 1, 1],
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.cls_token_id": 1,
        "tokenizer.ggml.seperator_token_id": 2,
      }),
    );
    expect([...tokenizer.encode("Unaffable a x")]).toEqual([1, 3, 4, 5, 6, 0, 2]);
  });

  it("is refused where it was cut or changed, never worse", async () => {
    const bytes = gguf((await gpt2()).entries);
    for (let i = 1; i < 200; i++) {
      const broken = bytes.slice(0, i % 3 ? bytes.length : (i * 977) % bytes.length);
      broken[4 + ((i * i * 31) % Math.max(1, broken.length - 4))]! ^= 1 << (i % 8);
      try {
        (await loadTokenizer(broken)).encode(TEXT);
      } catch (error) {
        expect(FrugalError.is(error)).toBe(true);
      }
    }
  });

  it("names a split that is not known", async () => {
    const { entries } = await gpt2();
    const other = gguf({ ...entries, "tokenizer.ggml.pre": "nobody's" });
    await expect(loadTokenizer(other)).rejects.toThrow(/nobody's/);
  });
});
