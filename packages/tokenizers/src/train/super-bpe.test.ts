import { expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { byteAlphabet } from "./alphabet.js";
import { trainBpe } from "./bpe.js";
import { SUPER_BPE_WORDS, type TrainSuperBpeOptions, trainSuperBpe } from "./super-bpe.js";
import { tokenizerFile } from "./tokenizer-file.js";
import { wordCounts } from "./word-counts.js";

const TEXTS = [
  "once upon a time there was a king",
  "once upon a time there was a queen",
  "once upon a time, in 1984 -- by the way of the sea",
  "by the way of the world she was on her way",
];
const train = (options: TrainSuperBpeOptions) => trainSuperBpe(TEXTS, options);
const wordsOf = (token: string): number => token.split("Ġ").filter(Boolean).length;

test("with the transition at the end it is byte-pair training", async () => {
  const preTokenizer = {
    type: "Sequence",
    pretokenizers: [
      { type: "Split", pattern: { Regex: SUPER_BPE_WORDS }, behavior: "Isolated" },
      { type: "ByteLevel", add_prefix_space: false, use_regex: false },
    ],
  };
  const words = await wordCounts(TEXTS, { preTokenizer });
  const plain = await trainBpe(words, { vocabularySize: 290, initialAlphabet: byteAlphabet() });
  const both = await train({ vocabularySize: 290, transition: 290 });
  expect(both.merges).toEqual(plain.merges);
  expect(both.vocabulary).toEqual(plain.vocabulary);
});

test("stage 2 goes on from stage 1, across words, up to their limit", async () => {
  const plain = await train({ vocabularySize: 280, transition: 280 });
  const trained = await train({ vocabularySize: 330, transition: 280 });
  expect(trained.merges.slice(0, trained.transitionMerges)).toEqual(plain.merges);
  expect(plain.vocabulary.every((token) => wordsOf(token) === 1 || token === "Ġ")).toBe(true);
  const sizes = trained.vocabulary.map(wordsOf);
  expect(Math.max(...sizes)).toBe(4);
  const free = await train({ vocabularySize: 400, transition: 280, maxWords: 99 });
  expect(Math.max(...free.vocabulary.map(wordsOf))).toBeGreaterThan(4);
  const single = await train({ vocabularySize: 400, transition: 280, maxWords: 1 });
  expect(Math.max(...single.vocabulary.map(wordsOf))).toBe(1);
});

test("numbers and long punctuation stay apart", async () => {
  const { vocabulary } = await train({ vocabularySize: 400, transition: 280, maxWords: 99 });
  const numbers = vocabulary.filter((token) => /\d/.test(token) && token.length > 1);
  expect(numbers.every((token) => /^\d{1,3}$/.test(token))).toBe(true);
  expect(vocabulary.some((token) => token.includes("--") && /[a-z]/.test(token))).toBe(false);
});

test("encodes the training text as training left it, in fewer tokens than one stage", async () => {
  const load = async (transition: number) => {
    const model = await train({ vocabularySize: 330, transition });
    const { preTokenizer } = model;
    const decoder = { type: "ByteLevel" };
    return loadTokenizer(tokenizerFile({ model, preTokenizer, decoder }));
  };
  const [one, two] = [await load(330), await load(280)];
  const total = (tokenizer: typeof one): number =>
    TEXTS.reduce((sum, text) => sum + tokenizer.count(text), 0);
  expect(total(two)).toBeLessThan(total(one));
  for (const text of [...TEXTS, "a queen — 東京 20  "])
    expect(two.decode(two.encode(text))).toBe(text);
});

test("reads the corpus twice", async () => {
  let read = 0;
  async function* corpus() {
    read++;
    yield* TEXTS;
  }
  const options = { vocabularySize: 320, transition: 280 };
  expect(await trainSuperBpe(corpus, options)).toEqual(await train(options));
  expect(read).toBe(2);
});

test("refuses what it cannot train on", async () => {
  await expect(train({ vocabularySize: 300, transition: 301 })).rejects.toThrow(/in 1\.\.300/);
  await expect(train({ transition: 0 })).rejects.toMatchObject({ argument: "transition" });
  await expect(train({ maxWords: -1 })).rejects.toMatchObject({ argument: "maxWords" });
  const once = new Set(TEXTS) as unknown as readonly string[];
  await expect(trainSuperBpe(once)).rejects.toMatchObject({ argument: "corpus" });
  await expect(trainSuperBpe([])).rejects.toMatchObject({ code: "ArgumentError" });
  await expect(train({ signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "AbortError",
  });
});
