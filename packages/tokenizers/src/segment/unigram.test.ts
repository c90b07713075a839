import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../load.js";
import type { Tokenizer } from "../types.js";
import { marginals, nBest, withSampling } from "./index.js";

type Pieces = readonly (readonly [string, number])[];

const unigram = (pieces: Pieces, more: object = {}, fields: object = {}): Promise<Tokenizer> =>
  loadTokenizer({
    version: "1.0",
    ...more,
    model: { type: "Unigram", vocab: [["<unk>", 0], ...pieces], unk_id: 0, ...fields },
  });

const LETTERS: Pieces = Object.entries({
  a: 0.1,
  b: 0.1,
  c: 0.1,
  ab: 0.3,
  bc: 0.2,
  abc: 0.05,
  d: 0.15,
}).map(([token, p]) => [token, Math.log(p)]);

const tokensOf = (tokenizer: Tokenizer, ids: ArrayLike<number>): string =>
  Array.from(ids, (id) => tokenizer.idToToken(id)).join(" ");

const scripted = (...draws: number[]) => {
  const left = draws.slice();
  return () => {
    if (left.length === 0) throw new RangeError("no more numbers");
    return left.shift()!;
  };
};

describe("nBest", () => {
  it("gives all segmentations with their scores, the best first", async () => {
    const tokenizer = await unigram(LETTERS);
    const found = nBest(tokenizer, "abc", 9);
    expect(found.map(({ ids }) => tokensOf(tokenizer, ids))).toEqual([
      "abc",
      "ab c",
      "a bc",
      "a b c",
    ]);
    const scores = [0.05, 0.03, 0.02, 0.001].map(Math.log);
    found.forEach(({ score }, i) => {
      expect(score).toBeCloseTo(scores[i]!, 12);
    });
    expect(nBest(tokenizer, "abc", 2)).toHaveLength(2);
    expect(nBest(tokenizer, "abc", 1, { parity: true })[0]!.score).toBe(0);
    expect(nBest(tokenizer, "abc", 2, { parity: true })[0]!.score).toBeCloseTo(scores[0]!, 12);
  });

  it("agrees with trying every cut", async () => {
    const pieces: Pieces = [..."ab😀", "aa", "ab", "ba", "a😀", "aba", "😀b", "bab"].map(
      (token, i) => [token, -1 - ((i * 7) % 5) - i / 10],
    );
    const tokenizer = await unigram(pieces);
    const scores = new Map(pieces);
    const cuts = (text: string): number[] =>
      text === ""
        ? [0]
        : [...scores].flatMap(([token, score]) =>
            text.startsWith(token) ? cuts(text.slice(token.length)).map((s) => s + score) : [],
          );
    for (const text of ["abab", "aa😀baba", "b😀b", "bababaab", "😀😀"]) {
      const expected = cuts(text).sort((a, b) => b - a);
      const found = nBest(tokenizer, text, 1024).map(({ score }) => score);
      expect(found).toHaveLength(expected.length);
      found.forEach((score, i) => {
        expect(score).toBeCloseTo(expected[i]!, 9);
      });
    }
  });

  it("goes over all pieces of a text, with added tokens, unknown ones and bytes between", async () => {
    const added_tokens = [{ id: 0, content: "<s>", special: true }];
    const pre_tokenizer = { type: "Metaspace", replacement: "▁", prepend_scheme: "never" };
    const bytes: Pieces = ["<0xC3>", "<0xA9>"].map((token) => [token, -30]);
    const tokenizer = await unigram(
      [...LETTERS, ["▁", -1], ["▁a", -2], ...bytes],
      { added_tokens, pre_tokenizer },
      { byte_fallback: true },
    );
    const text = "ab ab<s>xéa";
    const found = nBest(tokenizer, text, 100);
    // "ab" has two cuts, "▁ab" three, "xéa" one.
    expect(found).toHaveLength(6);
    const { ids, offsets } = tokenizer.encodeWithOffsets(text);
    expect(found[0]!.ids).toEqual(ids);
    expect(found[0]!.offsets).toEqual(offsets);
    expect(new Set(found.map((encoding) => encoding.ids.join())).size).toBe(6);
    expect(tokensOf(tokenizer, found[0]!.ids)).toContain("<s> <unk>");
    expect(nBest(tokenizer, "é", 5).map((encoding) => [...encoding.ids])).toEqual([[10, 11]]);
    expect(nBest(tokenizer, "", 5).map((encoding) => [...encoding.ids])).toEqual([[]]);
  });

  it("loses none of the best where very many are equally good", async () => {
    const tokenizer = await unigram([
      ["a", -1],
      ["aa", -2],
    ]);
    const found = nBest(tokenizer, "a".repeat(3000), 60);
    expect(new Set(found.map(({ ids }) => ids.join())).size).toBe(60);
    expect(found.every(({ score }) => score === -3000)).toBe(true);
    expect(found.every((encoding) => tokenizer.decode(encoding.ids).length >= 3000)).toBe(true);
  });

  it("refuses other models and counts", async () => {
    const tokenizer = await unigram(LETTERS);
    for (const count of [0, 1.5, 1025, Number.NaN])
      expect(() => nBest(tokenizer, "a", count)).toThrow(/count must be a whole number in 1..1024/);
    const words = await loadTokenizer({ version: "1.0", model: { type: "WordLevel", vocab: {} } });
    expect(() => nBest(words, "a", 2)).toThrow(/scores of a Unigram model/);
    expect(() => nBest({ ...tokenizer }, "a", 2)).toThrow(/one that loadTokenizer has given/);
  });
});

describe("marginals", () => {
  it("sums over all segmentations", async () => {
    const tokenizer = await unigram(LETTERS);
    const { logProbability, expected } = marginals(tokenizer, "abc");
    expect(logProbability).toBeCloseTo(-2.292635, 6);
    const counts = {
      abc: 0.49505,
      ab: 0.29703,
      bc: 0.19802,
      a: 0.207921,
      b: 0.009901,
      c: 0.306931,
    };
    for (const [token, count] of Object.entries(counts))
      expect(expected[tokenizer.tokenToId(token)!]).toBeCloseTo(count, 6);
    expect(expected[tokenizer.tokenToId("d")!]).toBe(0);
  });

  it("stays finite on a long text, and counts unknown characters", async () => {
    const tokenizer = await unigram(LETTERS);
    const { logProbability, expected } = marginals(tokenizer, "abcx".repeat(2000));
    expect(expected[0]).toBeCloseTo(2000, 3);
    expect(expected[tokenizer.tokenToId("abc")!]).toBeCloseTo(2000 * 0.49505, 1);
    expect(logProbability).toBeCloseTo(
      2000 * (Math.log(0.101) + Math.log(0.05) - 10 - Math.log(1)),
      -1,
    );
  });
});

describe("withSampling", () => {
  it("draws from the back, in proportion to all ways to go on", async () => {
    const tokenizer = await unigram(LETTERS);
    const drawn = (...draws: number[]): string =>
      tokensOf(
        tokenizer,
        withSampling(tokenizer, { alpha: 1, random: scripted(...draws) }).encode("abc"),
      );
    // At the end abc has 0.05 of 0.101, bc 0.02, c the rest; before c, ab has 0.3 of 0.31.
    expect(drawn(0.495)).toBe("abc");
    expect(drawn(0.4951, 0)).toBe("a bc");
    expect(drawn(0.6929, 0)).toBe("a bc");
    expect(drawn(0.6932, 0.967)).toBe("ab c");
    expect(drawn(0.9999, 0.969, 0)).toBe("a b c");
  });

  it("draws all segmentations alike where alpha is 0, and the best one where it is large", async () => {
    const tokenizer = await unigram(LETTERS);
    const drawn = (alpha: number, ...draws: number[]): string =>
      tokensOf(
        tokenizer,
        withSampling(tokenizer, { alpha, random: scripted(...draws) }).encode("abc"),
      );
    expect(drawn(0, 0.2499)).toBe("abc");
    expect(drawn(0, 0.2501, 0)).toBe("a bc");
    expect(drawn(0, 0.4999, 0)).toBe("a bc");
    expect(drawn(0, 0.5001, 0.4999)).toBe("ab c");
    expect(drawn(0, 0.5001, 0.5001, 0)).toBe("a b c");
    expect(drawn(500, 0.999999)).toBe("abc");
  });

  it("draws among the best only", async () => {
    const tokenizer = await unigram(LETTERS);
    const drawn = (draw: number): string => {
      const options = { alpha: 1, count: 2, random: scripted(draw) };
      return tokensOf(tokenizer, withSampling(tokenizer, options).encode("abc"));
    };
    expect([drawn(0.624), drawn(0.626), drawn(0.9999999)]).toEqual(["abc", "ab c", "ab c"]);
    const one = withSampling(tokenizer, { alpha: 1, count: 1, random: scripted() });
    expect(one.encode("abcab")).toEqual(tokenizer.encode("abcab"));
  });

  it("keeps the text, its places and its unknown characters", async () => {
    const tokenizer = await unigram(LETTERS);
    let state = 7;
    const random = (): number => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const sampled = withSampling(tokenizer, { alpha: 0.2, random });
    const seen = new Set<string>();
    for (let i = 0; i < 50; i++) {
      const { ids, offsets } = sampled.encodeWithOffsets("abcxyabd");
      expect(offsets[0]).toBe(0);
      for (let at = 1; at < ids.length; at++) expect(offsets[at * 2]).toBe(offsets[at * 2 - 1]);
      expect(offsets.at(-1)).toBe(8);
      expect([...ids].filter((id) => id === 0)).toHaveLength(1);
      seen.add(ids.join());
    }
    expect(seen.size).toBe(8);
  });

  it("refuses what is no option", async () => {
    const tokenizer = await unigram(LETTERS);
    const random = scripted();
    for (const alpha of [-1, Number.NaN, Infinity])
      expect(() => withSampling(tokenizer, { alpha, random })).toThrow(/alpha/);
    expect(() => withSampling(tokenizer, { alpha: 1, count: 0, random })).toThrow(/count/);
    expect(() => withSampling(tokenizer, { alpha: 1, random: 5 as never })).toThrow(/random/);
  });
});
