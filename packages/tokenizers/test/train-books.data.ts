/** Training on whole books gives the vocabulary of an independent trainer. Runs by `test:data`, where FRUGAL_DATA names the data. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { byteAlphabet, trainBpe, wordCounts } from "../src/train/index.js";

const BOOKS =
  /^(The-Blue-Fairy-Book|The-Yellow-Fairy-Book|The-Green-Fairy-Book|Grimms-Fairy-Tales|Alice-s-Adventures-in-Wonderland)_/;
const folder = process.env.FRUGAL_DATA ?? "";
const golden = (name: string): unknown =>
  JSON.parse(
    readFileSync(
      new URL(`../../../goldens/tokenizers/train/${name}.json`, import.meta.url),
      "utf8",
    ),
  );

test("five books: the words and 4096 tokens", async () => {
  const options = { maxBuffer: 1 << 28, encoding: "utf8" } as const;
  const all = execFileSync("xz", ["-dc", join(folder, "fairy-books.txt.xz")], options);
  const books = all.split("\0").filter((book) => BOOKS.test(book.trimStart()));
  expect(books).toHaveLength(5);
  const preTokenizer = { type: "ByteLevel", add_prefix_space: false };
  const counts = await wordCounts(
    books.flatMap((book) => book.trimStart().split("\n").slice(1)),
    { preTokenizer },
  );
  const words = new Map([...counts].filter(([, count]) => count >= 3));
  const wanted = golden("counts-big-3") as Record<string, number>;
  expect(Object.fromEntries(words)).toEqual(wanted);
  const { vocabulary, merges } = await trainBpe(words, {
    vocabularySize: 4096,
    initialAlphabet: byteAlphabet(),
    specialTokens: ["<|endoftext|>", "<|pad|>"],
  });
  expect({ tokens: vocabulary, merges }).toEqual(golden("bpe-bytes-4096"));
});
