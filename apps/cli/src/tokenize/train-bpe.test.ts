import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTokenizer } from "@frugal/tokenizers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeIo } from "../../test/fake-io.js";
import { main } from "../program.js";

const TEXT = "Once upon a time there was a king.\nOnce upon a time there was a queen.\n";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frugal-train-"));
  await writeFile(join(folder, "a.txt"), TEXT);
  await writeFile(join(folder, "dna.txt"), "ACGTACGTACGT\nGGGACGT\n");
});
afterAll(() => rm(folder, { recursive: true }));

async function train(argv: readonly string[], file = "a.txt") {
  const io = fakeIo({ cwd: folder });
  const code = await main(["tokenize", "train", file, ...argv, "--out", "out"], io);
  return { code, err: io.written.err };
}

const trained = async () => loadTokenizer(await readFile(join(folder, "out"), "utf8"));

test.each([
  ["bpe"],
  ["bpe:minFrequency=2", "--preset", "code"],
  ["bpe:minFrequency=2", "--preset", "characters"],
  ["super-bpe:transition=280"],
])("%s gives the text back", async (method, ...more) => {
  const { code, err } = await train(["--method", method, "--vocabulary", "300", ...more]);
  expect([code, err]).toEqual([0, expect.stringContaining("wrote out")]);
  const tokenizer = await trained();
  expect(tokenizer.decode(tokenizer.encode(TEXT))).toBe(TEXT);
  expect(tokenizer.count(TEXT)).toBeLessThan(TEXT.length);
});

test("the characters preset fills the vocabulary up", async () => {
  await train(["--method", "bpe", "--vocabulary", "300", "--preset", "characters"]);
  expect(Math.log2((await trained()).vocabularySize) % 1).toBe(0);
});

test("word-piece, word-level, DNA", async () => {
  const tokens = async (text: string) => {
    const tokenizer = await trained();
    return [...tokenizer.encode(text)].map((id) => tokenizer.idToToken(id)).join(" ");
  };
  await train(["--method", "word-piece", "--vocabulary", "90"]);
  expect(await tokens("Once a king")).toBe("[CLS] once a king [SEP]");
  await train(["--method", "word-level:minFrequency=2"]);
  expect(await tokens("Once a king .")).toBe("Once a <unk> .");
  await train(["--method", "bpe", "--preset", "dna"], "dna.txt");
  expect(await tokens("GGGACGT")).toBe("[CLS] GGGACGT [SEP]");
});

test("tiktoken writes ranks", async () => {
  await train(["--method", "tiktoken:pattern=gpt2", "--vocabulary", "270"]);
  const file = await readFile(join(folder, "out"));
  const tokenizer = await loadTokenizer(new Uint8Array(file), { tiktoken: { pattern: "gpt2" } });
  expect(tokenizer.vocabularySize).toBe(270);
  expect(tokenizer.decode(tokenizer.encode(TEXT))).toBe(TEXT);
});

test.each([
  [["--method", "bpe:size=3"], "bpe has no key 'size'"],
  [["--method", "bpe", "--preset", "poems"], "no preset is called 'poems'"],
  [["--method", "word-level", "--preset", "code"], "word-level has no presets"],
  [["--method", "tiktoken", "--vocabulary", "9"], "vocabularySize must be at least 256"],
])("refuses %j", async (argv, message) => {
  const { code, err } = await train(argv);
  expect(code).not.toBe(0);
  expect(err).toContain(message);
});
