import { beforeAll, describe, expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import type { Tokenizer } from "../types.js";
import { surfaceForms } from "./surface-forms.js";
import { transplantEmbeddings } from "./token-adapt.js";
import { wechselInit } from "./wechsel.js";
import { predictEmbeddings } from "./zett.js";

const noDraw = () => {
  throw new TypeError("nothing is to be drawn");
};
const words = (vocab: readonly string[], added: readonly string[] = []): Promise<Tokenizer> =>
  loadTokenizer({
    version: "1.0",
    added_tokens: added.map((content, i) => ({ id: vocab.length + i, content, special: true })),
    model: {
      type: "BPE",
      vocab: Object.fromEntries(vocab.map((token, id) => [token, id])),
      merges: vocab
        .filter((token) => vocab.includes(token.slice(0, -1)) && vocab.includes(token.slice(-1)))
        .map((token) => [token.slice(0, -1), token.slice(-1)]),
    },
    decoder: { type: "Fuse" },
  });
const matrix = (rows: readonly (readonly number[])[]) => ({
  rows: rows.length,
  columns: rows[0]!.length,
  data: Float32Array.from(rows.flat()),
});

describe("transplantEmbeddings", () => {
  let old: Tokenizer;
  let young: Tokenizer;
  beforeAll(async () => {
    old = await words([
      "a",
      "b",
      "c",
      "d",
      "e",
      "f",
      "g",
      "h",
      "ab",
      "abc",
      "abcd",
      "abcde",
      "fg",
      "fgh",
    ]);
    young = await words(["a", "f", "abcdefgh"]);
  });
  const unit = (angle: number) => Float32Array.of(Math.cos(angle), Math.sin(angle));
  const vectors = new Map<string, Float32Array>([
    ["abcdefgh", Float32Array.of(1, 0)],
    ["abcde", Float32Array.of(1, 0)],
    ["fgh", Float32Array.of(0, 1)],
  ]);
  const embed =
    (known = vectors) =>
    async (texts: readonly string[]) =>
      texts.map((text) => known.get(text));
  const rows = () =>
    matrix(Array.from({ length: 14 }, (_, i) => (i === 11 ? [1, 0] : i === 13 ? [0, 2] : [i, i])));

  test("the local part of the published example", async () => {
    const { input, counts } = await transplantEmbeddings({
      input: rows(),
      oldTokenizer: old,
      newTokenizer: young,
      embed: embed(),
      globalWeight: 0,
      padTo: 4,
      random: () => 0.5,
    });
    expect([input.rows, counts]).toEqual([4, { shared: 2, mixed: 1, bytes: 0, random: 0 }]);
    expect([...input.data.subarray(0, 4)]).toEqual([0, 0, 5, 5]);
    expect(input.data[4]).toBeCloseTo(0.766172, 4);
    expect(input.data[5]).toBeCloseTo(0.467655, 4);
  });

  test("the global part and the mix of the published example", async () => {
    const near = new Map([
      ["abcdefgh", unit(0)],
      ["a", unit(Math.acos(0.9))],
      ["b", unit(Math.acos(0.6))],
      ["c", unit(Math.acos(0.3))],
    ]);
    const input = matrix([[2, 0], [0, 2], [1, 1], ...Array.from({ length: 11 }, () => [9, 9])]);
    const adapted = (globalWeight: number, topK = 3) =>
      transplantEmbeddings({
        input,
        output: input,
        oldTokenizer: old,
        newTokenizer: young,
        embed: embed(near),
        globalWeight,
        topK,
        padTo: 1,
        random: () => 0.5,
      });
    const whole = await adapted(1);
    expect(whole.input.data[4]).toBeCloseTo(1.420498, 4);
    expect(whole.input.data[5]).toBeCloseTo(0.579502, 4);
    expect([...whole.output!.data]).toEqual([...whole.input.data]);
    const nearest = await adapted(1, 1);
    expect([...nearest.input.data.subarray(4, 6)]).toEqual([2, 0]);
  });

  test("a token that nothing tells of keeps a drawn row; options out of range are refused", async () => {
    const options = {
      input: rows(),
      oldTokenizer: old,
      newTokenizer: young,
      embed: embed(new Map()),
      padTo: 1,
      random: () => 0.25,
    };
    const { counts } = await transplantEmbeddings(options);
    expect(counts.random).toBe(1);
    const refusal = (change: object) => transplantEmbeddings({ ...options, ...change });
    await expect(refusal({ temperature: -1 })).rejects.toThrow(/temperature/);
    await expect(refusal({ topK: 0 })).rejects.toThrow(/topK/);
    await expect(refusal({ globalWeight: 2 })).rejects.toThrow(/globalWeight/);
    await expect(refusal({ padTo: 0 })).rejects.toThrow(/padTo/);
    await expect(refusal({ input: matrix([[1]]) })).rejects.toThrow(/shape/);
    await expect(refusal({ signal: AbortSignal.abort(new RangeError("stop")) })).rejects.toThrow(
      "stop",
    );
  });
});

describe("wechselInit", () => {
  test("the weights of the published example", async () => {
    const source = await words(["a", "b", "c"]);
    const target = await words(["x"]);
    const at = (similarity: number, sign: number) => [
      similarity,
      sign * Math.sqrt(1 - similarity ** 2),
    ];
    const { matrix: out, found } = await wechselInit({
      matrix: matrix([
        [1, 0],
        [0, 1],
        [1, 1],
      ]),
      sourceTokenizer: source,
      targetTokenizer: target,
      sourceWords: {
        words: [
          ["a", 1],
          ["b", 1],
          ["c", 1],
        ],
        vectors: matrix([at(0.9, 1), at(0.8, -1), at(0.5, 1)]),
      },
      targetWords: { words: [["x", 4]], vectors: matrix([[3, 0]]) },
      random: noDraw,
    });
    expect(out.data[0]).toBeCloseTo(0.734612, 5);
    expect(out.data[1]).toBeCloseTo(0.278601, 5);
    expect([...found]).toEqual([1]);
  });

  test("the same tokenizer, one neighbour: the rows come back, turned or not", async () => {
    const both = await words(["a", "b", "c"], ["<s>"]);
    const own = matrix([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
    const vectors = matrix([
      [1, 0],
      [0, 1],
      [-1, -1],
    ]);
    const turned = matrix([
      [0, 1],
      [-1, 0],
      [1, -1],
    ]);
    const words_: [string, number][] = [
      ["a", 3],
      ["b", 2],
      ["c", 1],
    ];
    const { matrix: out, alignment } = await wechselInit({
      matrix: own,
      sourceTokenizer: both,
      targetTokenizer: both,
      sourceWords: { words: words_, vectors },
      targetWords: { words: words_, vectors: turned },
      dictionary: [
        ["a", "a"],
        ["b", "b"],
        ["c", "c"],
      ],
      neighbors: 1,
      random: () => 0.5,
    });
    expect([...out.data]).toEqual([...own.data]);
    [0, 1, -1, 0].forEach((value, i) => {
      expect(alignment!.data[i]).toBeCloseTo(value, 6);
    });
  });

  test("words weigh by their counts; a word model may know parts of words", async () => {
    const source = await words(["a", "b"]);
    const { sourceSubwords } = await wechselInit({
      matrix: matrix([[1], [2]]),
      sourceTokenizer: source,
      targetTokenizer: source,
      sourceWords: {
        words: [
          ["ab", 1],
          ["a", 3],
        ],
        vectors: matrix([[8], [4]]),
      },
      targetWords: { columns: 1, vectorOf: (text) => (text === "a" ? [1] : undefined) },
      random: () => 0.5,
    });
    // "a" stands in both words, "b" in the first alone.
    expect([...sourceSubwords.data]).toEqual([5, 8]);
  });

  test("what does not fit is refused", async () => {
    const source = await words(["a"]);
    const options = {
      matrix: matrix([[1]]),
      sourceTokenizer: source,
      targetTokenizer: source,
      sourceWords: { words: [["a", 1]] as [string, number][], vectors: matrix([[1]]) },
      targetWords: { words: [["a", 1]] as [string, number][], vectors: matrix([[1]]) },
      random: noDraw,
    };
    const refusal = (change: object) => wechselInit({ ...options, ...change });
    await expect(refusal({ neighbors: 0 })).rejects.toThrow(/neighbors/);
    await expect(refusal({ temperature: 0 })).rejects.toThrow(/temperature/);
    await expect(refusal({ dictionary: [["x", "y"]] })).rejects.toThrow(/dictionary/);
    await expect(
      refusal({ targetWords: { columns: 2, vectorOf: () => undefined } }),
    ).rejects.toThrow(/targetWords/);
  });
});

describe("predictEmbeddings", () => {
  const config = {
    hiddenSize: 2,
    layers: 0,
    heads: 1,
    embeddingSize: 2,
    originalVocabularySize: 1,
    padTokenId: 0,
  };
  const source = matrix([[1, 2]]);
  const run = (forms: number[][], weights: [string, number[], number[]][]) =>
    predictEmbeddings(forms, {
      config,
      source,
      weights: new Map(
        weights.map(([name, dims, data]) => [name, { dims, data: Float32Array.from(data) }]),
      ),
    });

  test("a weight that is missing or of another shape is named", async () => {
    await expect(run([[0]], [])).rejects.toThrow(/fallback_embeddings\.weight/);
    const fallback: [string, number[], number[]] = ["fallback_embeddings.weight", [1, 2], [0, 0]];
    await expect(run([[0]], [fallback])).rejects.toThrow(/input_projection\.0\.weight/);
    const narrow: [string, number[], number[]] = ["fallback_embeddings.weight", [2, 1], [0, 0]];
    await expect(run([[0]], [narrow])).rejects.toThrow(/shape/);
  });

  test("forms of different lengths, and ids without a row, are refused", async () => {
    const fallback: [string, number[], number[]] = ["fallback_embeddings.weight", [1, 2], [0, 0]];
    await expect(run([[0], [0, 0]], [fallback])).rejects.toThrow(/shape/);
    await expect(run([[2]], [fallback])).rejects.toThrow(/ids below 2/);
  });
});

test("surfaceForms: spelled by the other tokenizer, cut, filled up; known special tokens stand for themselves", async () => {
  const bytes = { type: "ByteLevel", add_prefix_space: false, use_regex: false };
  const file = (vocab: readonly string[], special: string) => ({
    version: "1.0",
    added_tokens: [{ id: vocab.length, content: special, special: true }],
    pre_tokenizer: bytes,
    decoder: bytes,
    model: { type: "BPE", vocab: Object.fromEntries(vocab.map((t, id) => [t, id])), merges: [] },
  });
  const hyper = await loadTokenizer(file(["a", "b", "Ġ"], "<pad>"));
  const fresh = await loadTokenizer(file(["Ġab", "b"], "<pad>"));
  const { forms, truncated } = surfaceForms(fresh, hyper, { maxLength: 2, padTokenId: 3 });
  expect(forms.map((form) => [...form])).toEqual([
    [2, 0],
    [1, 3],
    [3, 3],
  ]);
  expect(truncated).toBe(1);
  expect(() => surfaceForms(fresh, hyper, { maxLength: 0, padTokenId: 3 })).toThrow(/maxLength/);
});
