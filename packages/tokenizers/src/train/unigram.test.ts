import { describe, expect, it, test } from "vitest";
import { loadTokenizer } from "../load.js";
import { digamma } from "./digamma.js";
import { Pace } from "./pace.js";
import { repeatedSubstrings } from "./repeated-substrings.js";
import { suffixOrder } from "./suffix-order.js";
import { tokenizerFile } from "./tokenizer-file.js";
import { trainUnigram } from "./unigram.js";
import { fitUnigram, maximize } from "./unigram-em.js";
import { lossOf } from "./unigram-prune.js";

const pace = () => new Pace({});
const codesOf = (text: string): Int32Array =>
  Int32Array.from(text, (character) => (character === "|" ? 0 : character.charCodeAt(0)));

const LETTERS = { a: 0.1, b: 0.1, c: 0.1, ab: 0.3, bc: 0.2, abc: 0.05, d: 0.15 };

test("digamma has the known values", () => {
  expect(digamma(1)).toBeCloseTo(-0.5772156649, 9);
  expect(digamma(0.5)).toBeCloseTo(-1.963510026, 8);
  // psi(x + 1) = psi(x) + 1 / x
  for (const x of [0.6, 3, 6.9, 7, 50, 1e6])
    expect(digamma(x + 1)).toBeCloseTo(digamma(x) + 1 / x, 9);
});

test("suffixOrder sorts as comparing does", async () => {
  for (const text of ["banana", "aaaaaaaa", "abcabcabc|cab", "", "z", "ba|ab|ba|"]) {
    const codes = codesOf(text);
    const order = await suffixOrder(codes, codes.length + 1, pace());
    const expected = Array.from(codes.keys()).sort((a, b) => {
      for (let i = 0; ; i++) {
        const [x = -1, y = -1] = [codes[a + i], codes[b + i]];
        if (x !== y) return x - y;
      }
    });
    expect([...order]).toEqual(expected);
  }
});

test("repeatedSubstrings finds what occurs again and goes on in another way", async () => {
  const text = "banana|bandana|";
  const codes = codesOf(text);
  const { length, places, lengths, counts } = await repeatedSubstrings(
    codes,
    5,
    () => 1,
    (place, size) => !text.slice(place, place + size).includes("|"),
    pace(),
  );
  const found = Array.from({ length }, (_, i) => [
    text.slice(places[i]!, places[i]! + lengths[i]!),
    counts[i],
  ]);
  // "na" goes on in "n" and in the end, "ban" in "a" and in "d"; "nan" occurs once, "ba" only goes on in "n".
  expect(Object.fromEntries(found)).toEqual({ ana: 3, an: 4, ban: 2, na: 3 });
});

describe("the turns of fitting", () => {
  const pieces = Object.keys(LETTERS);
  const scores = () => Float64Array.from(Object.values(LETTERS), Math.log);

  it("drops what is expected too rarely and gives the others their scores", () => {
    const expected = [2.07921, 0.09901, 3.06931, 2.9703, 1.9802, 4.9505, 0];
    const found = scores();
    maximize(found, Float64Array.from(expected), false);
    const given = Object.fromEntries(pieces.map((piece, i) => [piece, found[i]!]));
    expect(given.b).toBe(-Infinity);
    expect(given.d).toBe(-Infinity);
    const known = { abc: -1.18265, c: -1.72796, ab: -1.76677, a: -2.20511, bc: -2.26782 };
    for (const [piece, score] of Object.entries(known)) expect(given[piece]).toBeCloseTo(score, 4);
  });

  it("does both steps on words", async () => {
    const { pieces: kept, scores: found } = await fitUnigram(
      { texts: ["abc"], counts: [10] },
      { pieces, scores: scores() },
      {
        subIterations: 1,
        desiredSize: 10,
        keptSize: (size) => size,
        prune: "hugging-face",
        fitsLast: true,
        unknownPiece: false,
      },
      pace(),
    );
    expect(kept).toEqual(["a", "c", "ab", "bc", "abc"]);
    expect(found[4]).toBeCloseTo(-1.18265, 4);
  });

  it("loses by a piece what the others that take its place cannot make good", () => {
    // Ten of 100 tokens are "ab"; then five "a" and twenty "b" become fifteen and thirty of 110.
    const used = [5, 20, 10];
    const expected = 10 * (Math.log(10 / 100) - Math.log(15 / 110) - Math.log(30 / 110));
    expect(lossOf(10, [0, 1], used, 100)).toBeCloseTo(expected, 12);
    expect(lossOf(10, [0, 1, 1], used, 100)).toBeGreaterThan(lossOf(10, [0, 1], used, 100));
  });
});

const WORDS = new Map([
  ["▁lower", 20],
  ["▁lowest", 15],
  ["▁newer", 30],
  ["▁newest", 25],
  ["▁wide", 8],
  ["▁wider", 12],
  ["▁widest", 9],
  ["▁😀", 3],
]);

describe("trainUnigram", () => {
  it("gives special tokens, every character and the best pieces, the most probable first", async () => {
    const { pieces, unknownId } = await trainUnigram(WORDS, {
      vocabularySize: 17,
      specialTokens: ["<pad>", "<unk>"],
      unknownToken: "<unk>",
      initialAlphabet: ["x"],
    });
    expect(pieces).toHaveLength(17);
    expect(pieces.slice(0, 2)).toEqual([
      ["<pad>", 0],
      ["<unk>", 0],
    ]);
    expect(unknownId).toBe(1);
    const names = pieces.map(([piece]) => piece);
    for (const character of new Set([...[...WORDS.keys()].join(""), "x"]))
      expect(names).toContain(character);
    const scores = pieces.slice(2).map(([, score]) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(names.some((name) => name.length > 2 && !name.startsWith("<"))).toBe(true);
  });

  it("makes a model that cuts the words into pieces that were learned", async () => {
    const model = await trainUnigram(WORDS, { vocabularySize: 24, unknownToken: "<unk>" });
    const tokenizer = await loadTokenizer(tokenizerFile({ model }));
    for (const word of WORDS.keys()) {
      const tokens = [...tokenizer.encode(word)].map((id) => tokenizer.idToToken(id));
      expect(tokens.join("")).toBe(word);
    }
    expect([...tokenizer.encode("q")]).toEqual([0]);
  });

  it("keeps to its limits", async () => {
    const short = await trainUnigram(WORDS, { vocabularySize: 40, maxPieceLength: 2 });
    expect(Math.max(...short.pieces.map(([piece]) => [...piece].length))).toBe(2);
    const few = await trainUnigram(WORDS, { vocabularySize: 40, seedSize: 1 });
    expect(few.pieces.filter(([piece]) => [...piece].length > 1).length).toBeLessThanOrEqual(1);
    const exact = await trainUnigram(WORDS, { vocabularySize: 12 });
    expect(exact.pieces).toHaveLength(12);
  });

  it("gives the same answer whatever the order of the words", async () => {
    const options = { vocabularySize: 20, unknownToken: "<unk>" };
    const turned = new Map([...WORDS].reverse());
    const names = async (words: ReadonlyMap<string, number>) =>
      (await trainUnigram(words, options)).pieces.map(([piece]) => piece).sort();
    expect(await names(turned)).toEqual(await names(WORDS));
  });

  it("stops when it is told to, and says how far it is", async () => {
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(trainUnigram(WORDS, { signal })).rejects.toThrow("stopped");
    const controller = new AbortController();
    const text = Array.from({ length: 30000 }, (_, i) => ((i * 7919) % 9973).toString(36)).join("");
    const words = new Map([[text, 1]]);
    const phases = new Set<string>();
    const job = trainUnigram(words, {
      vocabularySize: 100,
      signal: controller.signal,
      onProgress: ({ phase }) => {
        phases.add(phase);
        if (phase.startsWith("fitting")) controller.abort(new Error("enough"));
      },
    });
    await expect(job).rejects.toThrow("enough");
    expect([...phases].some((phase) => phase === "ordering suffixes")).toBe(true);
  });

  it("refuses what is no option", async () => {
    const refused = (options: Parameters<typeof trainUnigram>[1], message: RegExp) =>
      expect(trainUnigram(WORDS, options)).rejects.toThrow(message);
    await refused({ vocabularySize: 5 }, /at least 12, for all characters/);
    await refused({ vocabularySize: 0 }, /vocabularySize/);
    await refused({ shrinkingFactor: 1 }, /shrinkingFactor/);
    await refused({ subIterations: 0 }, /subIterations/);
    await refused({ maxPieceLength: 1e9 }, /maxPieceLength/);
    await refused({ seedSize: 0.5 }, /seedSize/);
    await refused({ specialTokens: ["<a>", "<a>"] }, /repetition/);
    await expect(trainUnigram(new Map())).rejects.toThrow(/at least one word/);
    await expect(trainUnigram(new Map([["a", -1]]))).rejects.toThrow(/whole number/);
  });
});
