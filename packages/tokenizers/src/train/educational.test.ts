import { expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { trainBpe } from "./bpe.js";
import { trainBpeEducational } from "./educational.js";
import { tiktokenFile } from "./tiktoken-file.js";
import { wordCounts } from "./word-counts.js";

const PATTERN = "gpt2";
const merged = async (texts: string[], vocabularySize: number) =>
  (
    await trainBpeEducational(await wordCounts(texts, { pattern: PATTERN }), { vocabularySize })
  ).merges
    .map((pair) => pair.join("+"))
    .join(" ");

test("lets the pair go first that stands first, of those that are equally frequent", async () => {
  // By ids it would be a+b before z+y.
  expect(await merged(["zy ab"], 259)).toBe("z+y Ġ+a Ġa+b");
  expect(await merged(["ab zy"], 259)).toBe("a+b Ġ+z Ġz+y");
});

test("goes by where a pair stands now, not by where it stood once", async () => {
  // c d stands first in "bcd" until b c takes its c; then x y stands before it.
  expect(await merged(["bcd", "bc", "bc", "xy", "cd"], 259)).toBe("b+c bc+d x+y");
});

/** The original, counting anew for each token. */
function slowly(words: readonly string[], size: number): string {
  let pieces = words.map((word) => [...word]);
  const merges: string[] = [];
  for (let rank = 256; rank < size; rank++) {
    const counts = new Map<string, number>();
    for (const piece of pieces)
      for (let i = 1; i < piece.length; i++) {
        const pair = `${piece[i - 1]}+${piece[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    const most = Math.max(...counts.values());
    const best = [...counts].find(([, count]) => count === most)![0];
    merges.push(best);
    const [left, right] = best.split("+");
    pieces = pieces.map((piece) => {
      const rest: string[] = [];
      for (let i = 0; i < piece.length; i++) {
        const isPair = piece[i] === left && piece[i + 1] === right;
        rest.push(isPair ? left! + right! : piece[i]!);
        if (isPair) i++;
      }
      return rest;
    });
  }
  return merges.join(" ");
}

test("agrees with counting anew for each token", async () => {
  const words = ["abcabcab", "bcabc", "ccabab", "aaaaa", "bbaab", "cabcab", "aaab", "bcbcbca"];
  for (const size of [257, 262, 270]) expect(await merged(words, size)).toBe(slowly(words, size));
});

test("writes a file that loads and gives any text back", async () => {
  const text = "the cat's hat: 東京 \u{1f600} the that";
  const words = await wordCounts([text], { pattern: PATTERN });
  const { vocabulary } = await trainBpeEducational(words, { vocabularySize: 264 });
  const file = tiktokenFile(vocabulary);
  expect(file.split("\n").slice(0, 2)).toEqual(["AA== 0", "AQ== 1"]);
  expect(file.endsWith(" 263\n")).toBe(true);
  const tokenizer = await loadTokenizer(new TextEncoder().encode(file), {
    tiktoken: { pattern: PATTERN },
  });
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  expect(tokenizer.encode(text).length).toBeLessThan(new TextEncoder().encode(text).length);
});

test("a file leaves special tokens out, and refuses other alphabets", async () => {
  const { vocabulary } = await trainBpe(new Map([["ab", 1]]), { specialTokens: ["<s>"] });
  expect(tiktokenFile(vocabulary, { specialTokens: ["<s>"] })).toBe("YQ== 1\nYg== 2\nYWI= 3\n");
  expect(() => tiktokenFile(["a", "東"])).toThrow(/token 1 must be in the byte alphabet/);
});

test("refuses a size that cannot be", async () => {
  const words = new Map([["ab", 1]]);
  const train = (vocabularySize: number) => trainBpeEducational(words, { vocabularySize });
  await expect(train(255)).rejects.toThrow(/at least 256/);
  await expect(train(258)).rejects.toThrow(/at most 257, as the words have no more pairs/);
  await expect(trainBpeEducational(new Map([["東", 1]]))).rejects.toThrow(/in the byte alphabet/);
});
