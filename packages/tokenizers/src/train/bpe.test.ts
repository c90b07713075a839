import { FrugalError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { byteAlphabet } from "./alphabet.js";
import { type TrainBpeOptions, trainBpe } from "./bpe.js";
import { tokenizerFile } from "./tokenizer-file.js";
import { wordCounts } from "./word-counts.js";

type Counts = Record<string, number>;
const train = (counts: Counts, options?: TrainBpeOptions) =>
  trainBpe(new Map(Object.entries(counts)), options);
const joined = ({ merges }: { merges: readonly (readonly string[])[] }): string =>
  merges.map((pair) => pair.join(" ")).join(", ");

const SENNRICH = { low: 5, lower: 2, newest: 6, widest: 3 };

test("learns the merges of the paper's example, ties by the smaller ids", async () => {
  const trained = await train(SENNRICH);
  expect(joined(trained)).toBe(
    "e s, es t, l o, lo w, e w, n ew, new est, d est, i dest, w idest, e r, low er",
  );
  expect(trained.vocabulary.join(" ")).toBe(
    "d e i l n o r s t w es est lo low ew new newest dest idest widest er lower",
  );
});

test("does not depend on the order of the words", async () => {
  const backward = Object.fromEntries(Object.entries(SENNRICH).reverse());
  const options = { continuingSubwordPrefix: "##", endOfWordSuffix: "</w>" };
  expect(await train(backward, options)).toEqual(await train(SENNRICH, options));
});

test("counts every place of a run, and joins it from the left", async () => {
  // a a stands twice in aaa, so it goes before b c, which stands once.
  expect(joined(await train({ aaa: 1, bc: 1 }))).toBe("a a, b c, aa a");
  expect(joined(await train({ aaaaa: 1 }))).toBe("a a, aa a, aa aaa");
});

describe("options", () => {
  test("stop at the size, or where pairs are rare", async () => {
    expect((await train(SENNRICH, { vocabularySize: 12 })).vocabulary).toHaveLength(12);
    expect(joined(await train(SENNRICH, { minFrequency: 7 }))).toBe("e s, es t, l o, lo w");
  });

  test("keep special tokens and the whole alphabet, also above the size", async () => {
    const options = { vocabularySize: 3, specialTokens: ["<s>", "</s>", "<s>"] };
    const { vocabulary, merges } = await train({ ab: 3 }, options);
    expect([vocabulary, merges]).toEqual([["<s>", "</s>", "a", "b"], []]);
  });

  test("limit the alphabet: what is left out leaves its neighbors adjacent", async () => {
    const limited = await train({ axb: 5, aab: 1 }, { limitAlphabet: 2 });
    expect(limited.vocabulary.join(" ")).toBe("a b ab aab");
  });

  test("begin with given characters, of longer ones the first", async () => {
    const options = { initialAlphabet: ["é", "zz"], limitAlphabet: 3 };
    expect((await train({ ab: 1, b: 1 }, options)).vocabulary).toEqual(["b", "z", "é"]);
  });

  test("write a prefix and a suffix, and leave the prefix out of joined tokens", async () => {
    const options = { continuingSubwordPrefix: "##", endOfWordSuffix: "</w>" };
    const { vocabulary, merges } = await train({ abc: 2 }, options);
    expect(vocabulary.join(" ")).toBe("a b c ##b ##c</w> ab abc</w>");
    expect(merges).toEqual([
      ["a", "##b"],
      ["ab", "##c</w>"],
    ]);
  });

  test("bound the length of tokens, but not of two single symbols", async () => {
    const longest = async (maxTokenLength: number): Promise<string> =>
      (await train({ abcd: 4, abc: 9, ab: 20 }, { maxTokenLength })).vocabulary.slice(4).join(" ");
    expect(await longest(2)).toBe("ab cd");
    expect(await longest(3)).toBe("ab cd");
    expect(await longest(4)).toBe("ab abc");
    expect(await longest(5)).toBe("ab abc abcd");
  });
});

test("gives a token that arises in a second way the id that it has", async () => {
  // With # as the prefix, # and ## (a further #) make the two characters that are a token already.
  const { vocabulary, merges } = await train(
    { "##": 4, "a##": 3, "###": 1 },
    { continuingSubwordPrefix: "#" },
  );
  expect(vocabulary.join(" ")).toBe("# a ## ### a##");
  expect(merges.map((pair) => pair.join(" "))).toEqual(["# ##", "## ##", "a ###"]);
});

test("keeps counts above 2^31 and 2^32 exact", async () => {
  expect(joined(await train({ ab: 2 ** 32, cd: 2 ** 32 + 1, ef: 2 ** 31 }))).toBe("c d, a b, e f");
});

test("orders characters beyond the base plane by code point, whole", async () => {
  const { vocabulary } = await train({ "\u{1f600}\uffee": 1 });
  expect(vocabulary).toEqual(["\uffee", "\u{1f600}", "\u{1f600}\uffee"]);
});

test("takes words that are keys of objects", async () => {
  const words = new Map([
    ["__proto__", 3],
    ["constructor", 5],
  ]);
  const { vocabulary } = await trainBpe(words);
  expect(vocabulary).toContain("__proto__");
  expect(vocabulary).toContain("constructor");
});

/** The definition, counted anew for each merge. */
function slowly(counts: Counts, size: number): string {
  let words = Object.entries(counts).map(([word, count]) => ({ tokens: [...word], count }));
  const ids = new Map([...new Set(Object.keys(counts).join(""))].sort().map((c, id) => [c, id]));
  const merges: string[] = [];
  while (ids.size < size) {
    const pairs = new Map<string, number>();
    for (const { tokens, count } of words)
      for (let i = 1; i < tokens.length; i++) {
        const pair = `${tokens[i - 1]} ${tokens[i]}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + count);
      }
    const order = (pair: string): number[] => pair.split(" ").map((token) => ids.get(token)!);
    const [best] = [...pairs].sort(
      ([p, m], [q, n]) => n - m || order(p)[0]! - order(q)[0]! || order(p)[1]! - order(q)[1]!,
    );
    if (best === undefined) break;
    merges.push(best[0]);
    const [left, right] = best[0].split(" ");
    ids.set(left! + right!, ids.size);
    words = words.map(({ tokens, count }) => {
      const rest: string[] = [];
      for (let i = 0; i < tokens.length; i++) {
        const isPair = tokens[i] === left && tokens[i + 1] === right;
        rest.push(isPair ? left! + right! : tokens[i]!);
        if (isPair) i++;
      }
      return { tokens: rest, count };
    });
  }
  return merges.join(", ");
}

test("agrees with counting anew for each merge", async () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 24 });
  const counts = fc.dictionary(word, fc.integer({ min: 1, max: 9 }), { minKeys: 1, maxKeys: 12 });
  await fc.assert(
    fc.asyncProperty(counts, fc.integer({ min: 1, max: 60 }), async (words, vocabularySize) => {
      expect(joined(await train(words, { vocabularySize }))).toBe(slowly(words, vocabularySize));
    }),
    { numRuns: 200 },
  );
});

test("trains a byte-level tokenizer that gives any text back", async () => {
  const preTokenizer = { type: "ByteLevel", add_prefix_space: false };
  const words = await wordCounts(["the cat sat on the mat, the end"], { preTokenizer });
  const model = await trainBpe(words, { vocabularySize: 270, initialAlphabet: byteAlphabet() });
  const decoder = { type: "ByteLevel" };
  const addedTokens = ["<|end|>"];
  const file = tokenizerFile({ model, preTokenizer, decoder, addedTokens });
  const tokenizer = await loadTokenizer(file);
  const text = "the hat 東京 \u{1f600}<|end|>";
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  expect(tokenizer.count("the cat sat")).toBeLessThan("the cat sat".length);
  expect(tokenizer.encode("<|end|>")).toEqual(Uint32Array.of(model.vocabulary.length));
});

test("tells how far it is, and stops at once", async () => {
  const words = new Map(
    Array.from({ length: 20_000 }, (_, i) => [`${i * 7919}x${i * 104729}`, (i % 97) + 1]),
  );
  const controller = new AbortController();
  const phases = new Set<string>();
  const onProgress = ({ phase, done, total }: { phase: string; done: number; total?: number }) => {
    phases.add(phase);
    expect(done).toBeLessThanOrEqual(total!);
    if (phase === "merging pairs" && done > 100) controller.abort(new RangeError("enough"));
  };
  const options = { signal: controller.signal, onProgress };
  await expect(trainBpe(words, options)).rejects.toThrow("enough");
  expect([...phases]).toEqual(["reading words", "counting pairs", "merging pairs"]);
});

test.each<[string, Counts, object]>([
  ["vocabularySize", { a: 1 }, { vocabularySize: 0 }],
  ["vocabularySize", { a: 1 }, { vocabularySize: 2 ** 40 }],
  ["vocabularySize", { a: 1 }, { vocabularySize: 1.5 }],
  ["minFrequency", { a: 1 }, { minFrequency: -1 }],
  ["limitAlphabet", { a: 1 }, { limitAlphabet: Number.NaN }],
  ["maxTokenLength", { a: 1 }, { maxTokenLength: "5" }],
  ["specialTokens", { a: 1 }, { specialTokens: [""] }],
  ["specialTokens", { a: 1 }, { specialTokens: "<s>" }],
  ["continuingSubwordPrefix", { a: 1 }, { continuingSubwordPrefix: "#".repeat(100) }],
  ["endOfWordSuffix", { a: 1 }, { endOfWordSuffix: 1 }],
  ["words", {}, {}],
  ['words["a"]', { a: 0.5 }, {}],
  ['words["a"]', { a: -1 }, {}],
  ["the sum of all counts", { aa: 2 ** 52 }, {}],
])("refuses %s of %j, %j", async (argument, counts, options) => {
  const error: unknown = await train(counts, options).catch((e: unknown) => e);
  expect(FrugalError.is(error, "ArgumentError")).toBe(true);
  expect(error).toMatchObject({ argument });
});
