import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../load.js";
import { pathPieceEncoder } from "../segment/path-piece.js";
import { byteAlphabet } from "./alphabet.js";
import { trainBpe } from "./bpe.js";
import { type TrainPathPieceOptions, trainPathPiece } from "./path-piece.js";
import { tiktokenFile } from "./tiktoken-file.js";
import { wordCounts } from "./word-counts.js";

const CARD = ["a", "b", "c", "d", "ab", "bc", "cd", "abc", "bcd"];
const BYTES = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));

const words = fc
  .dictionary(
    fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 9 }),
    fc.integer({ min: 0, max: 9 }),
    { minKeys: 1, maxKeys: 8 },
  )
  .map((counts) => new Map(Object.entries(counts)));
const counted = (counts: ReadonlyMap<string, number>, tokens: readonly Uint8Array[]): number => {
  const { encode } = pathPieceEncoder(tokens);
  let total = 0;
  for (const [word, count] of counts) total += encode(word).length * count;
  return total;
};

describe("trainPathPiece", () => {
  it("counts tokens as the encoder does", async () => {
    const counts = new Map([
      ["abcd", 1],
      ["abcdabc", 1],
      ["aabcd", 1],
    ]);
    const given = { initialVocabulary: CARD, vocabularySize: 300 };
    const { vocabulary, tokens, rounds } = await trainPathPiece(counts, given);
    expect(vocabulary.slice(256)).toEqual(["ab", "bc", "cd", "abc", "bcd"]);
    expect(rounds).toEqual([{ vocabularySize: 261, tokenCount: 2 + 3 + 3 }]);
    const cut = (word: string) =>
      Array.from(pathPieceEncoder(tokens).encode(word), (id) => vocabulary[id]);
    expect(cut("abcd")).toEqual(["a", "bcd"]);
    expect(cut("abcdabc")).toEqual(["a", "bcd", "abc"]);
    expect(cut("aabcd")).toEqual(["a", "a", "bcd"]);
  });

  it("takes out what costs least, one after the other", async () => {
    // lo, ow, er and the like save nothing as long as low and lower are there.
    const counts = new Map([
      ["low", 5],
      ["lower", 2],
    ]);
    const left = async (vocabularySize: number) => {
      const given = { vocabularySize, shrinkingFactor: 0.999 };
      return (await trainPathPiece(counts, given)).vocabulary.slice(256);
    };
    expect(await left(258)).toEqual(["low", "lower"]);
    // Without lower it is low, e, r: 2 x 2 more; without low it is 5 x 2 more.
    expect(await left(257)).toEqual(["low"]);
    expect(await left(256)).toEqual([]);
    // lo and ow match seven times, the others twice; of equal ones the smaller bytes stay.
    expect(await left(259)).toEqual(["lo", "low", "lower"]);
    expect(await left(260)).toEqual(["lo", "low", "ow", "lower"]);
  });

  it("keeps the bytes, has the size, and never takes fewer tokens than before", async () => {
    const sized = fc.record({
      vocabularySize: fc.integer({ min: 256, max: 280 }),
      shrinkingFactor: fc.constantFrom(0.5, 0.9, 0.99, 0.999),
      minFrequency: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(words, sized, async (counts, given) => {
        const { tokens, vocabulary, rounds } = await trainPathPiece(counts, given);
        expect(tokens.slice(0, 256)).toEqual(BYTES);
        expect(vocabulary.length).toBe(Math.min(given.vocabularySize, rounds[0]!.vocabularySize));
        expect(new Set(vocabulary).size).toBe(tokens.length);
        expect(rounds.at(-1)).toEqual({
          vocabularySize: tokens.length,
          tokenCount: counted(counts, tokens),
        });
        for (let i = 1; i < rounds.length; i++) {
          expect(rounds[i]!.vocabularySize).toBeLessThan(rounds[i - 1]!.vocabularySize);
          expect(rounds[i]!.tokenCount).toBeGreaterThanOrEqual(rounds[i - 1]!.tokenCount);
        }
        const backwards = new Map([...counts].reverse());
        expect((await trainPathPiece(backwards, given)).vocabulary).toEqual(vocabulary);
      }),
      { numRuns: 60 },
    );
  });

  it("takes tokens out of a vocabulary of byte pairs; a .tiktoken file holds the rest", async () => {
    const line = "the lower the newer rivers below the wide river, größer";
    const counts = await wordCounts([line, line], { pattern: "gpt2" });
    const initialAlphabet = byteAlphabet();
    const bpe = await trainBpe(counts, { vocabularySize: 290, initialAlphabet });
    const given = { initialVocabulary: bpe.vocabulary, vocabularySize: 275 };
    const { vocabulary, tokens } = await trainPathPiece(counts, given);
    expect(vocabulary.length).toBe(275);
    expect(vocabulary.every((token) => bpe.vocabulary.includes(token))).toBe(true);
    const ids = pathPieceEncoder(tokens).encode(line);
    const tokenizer = await loadTokenizer(tiktokenFile(vocabulary), {
      tiktoken: { pattern: "gpt2" },
    });
    expect(tokenizer.decode(ids)).toBe(line);
    expect(ids.length).toBeLessThanOrEqual(tokenizer.count(line));
  });

  it("takes at least one token out a round", async () => {
    const given = { vocabularySize: 257, shrinkingFactor: 1 - 2 ** -53 };
    const { rounds } = await trainPathPiece(new Map([["abcd", 2]]), given);
    expect(rounds.map((round) => round.vocabularySize)).toEqual([262, 261, 260, 259, 258, 257]);
  });

  it("leaves longer tokens out from the start", async () => {
    const given = { initialVocabulary: ["abc", "ab"], maxTokenLength: 2 };
    const { vocabulary } = await trainPathPiece(new Map([["abc", 1]]), given);
    expect(vocabulary.slice(256)).toEqual(["ab"]);
  });

  it("stops where it is told to, and tells how far it is", async () => {
    const counts = new Map([
      ["abcabc".repeat(2000), 3],
      ["abca".repeat(2500), 1],
    ]);
    const signal = AbortSignal.abort(new Error("no"));
    await expect(trainPathPiece(counts, { signal })).rejects.toThrow("no");
    const late = new AbortController();
    const stopped = trainPathPiece(counts, {
      signal: late.signal,
      vocabularySize: 256,
      onProgress: ({ phase }) => phase === "dropping tokens" && late.abort(new Error("later")),
    });
    await expect(stopped).rejects.toThrow("later");
    const seen: number[] = [];
    await trainPathPiece(new Map([["abab", 3]]), {
      vocabularySize: 256,
      onProgress: ({ phase, done, total }) =>
        phase === "dropping tokens" && seen.push(total! - done),
    });
    expect(seen.at(-1)).toBe(0);
  });

  it.each<[string, TrainPathPieceOptions, string]>([
    ["a size below the bytes", { vocabularySize: 255 }, "vocabularySize"],
    ["a size without end", { vocabularySize: 2 ** 40 }, "vocabularySize"],
    ["no length", { maxTokenLength: 0 }, "maxTokenLength"],
    ["a length that is too much", { maxTokenLength: 513 }, "maxTokenLength"],
    ["half a frequency", { minFrequency: 1.5 }, "minFrequency"],
    ["no frequency", { minFrequency: 0 }, "minFrequency"],
    ["no seeds", { seedSize: 0 }, "seedSize"],
    ["a factor of 1", { shrinkingFactor: 1 }, "shrinkingFactor"],
    ["no factor", { shrinkingFactor: Number.NaN }, "shrinkingFactor"],
    ["a token twice", { initialVocabulary: ["ab", "ab"] }, "initialVocabulary[1]"],
    ["an empty token", { initialVocabulary: [""] }, "initialVocabulary[0]"],
    ["a token in another alphabet", { initialVocabulary: ["a b"] }, "initialVocabulary"],
    ["no list", { initialVocabulary: "ab" as never }, "initialVocabulary"],
    ["a list of others", { initialVocabulary: [1 as never] }, "initialVocabulary[0]"],
  ])("refuses %s", async (_, given, named) => {
    await expect(trainPathPiece(new Map([["ab", 1]]), given)).rejects.toThrow(named);
  });

  it("refuses words that it cannot read", async () => {
    await expect(trainPathPiece(new Map())).rejects.toThrow("at least one word");
    await expect(trainPathPiece(new Map([["a b", 1]]))).rejects.toThrow("byte alphabet");
    await expect(trainPathPiece(new Map([["a", -1]]))).rejects.toThrow("whole number");
  });
});
