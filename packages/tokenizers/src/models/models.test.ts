import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../load.js";

const PLAIN = { addSpecialTokens: false } as const;
const file = (model: object, more: object = {}): object => ({ version: "1.0", model, ...more });
const tokens = async (
  source: object,
  text: string,
): Promise<(readonly [string, number, number])[]> => {
  const tokenizer = await loadTokenizer(source);
  const { ids, offsets } = tokenizer.encodeWithOffsets(text, PLAIN);
  expect(tokenizer.encode(text, PLAIN)).toEqual(ids);
  return Array.from(ids, (id, i) => [
    tokenizer.idToToken(id)!,
    offsets[i * 2]!,
    offsets[i * 2 + 1]!,
  ]);
};

describe("Unigram", () => {
  const ln = (p: number): number => Math.log(p);
  const vocab = [
    ["<unk>", 0],
    ["a", ln(0.1)],
    ["b", ln(0.1)],
    ["c", ln(0.1)],
    ["ab", ln(0.3)],
    ["bc", ln(0.2)],
    ["abc", ln(0.05)],
    ["d", ln(0.15)],
  ];
  const unigram = (more: object = {}) => file({ type: "Unigram", unk_id: 0, vocab, ...more });

  it("takes the most probable segmentation, unknown characters as one", async () => {
    const ids = (await loadTokenizer(unigram())).encode("abcabd", PLAIN);
    expect([...ids]).toEqual([6, 4, 7]);
    expect(await tokens(unigram(), "abxyc")).toEqual([
      ["ab", 0, 2],
      ["<unk>", 2, 4],
      ["c", 4, 5],
    ]);
  });

  it("falls back to bytes only where all are known", async () => {
    const more = [...vocab, ["<0xC3>", ln(0.1)], ["<0xA9>", ln(0.1)]];
    const tokenizer = await loadTokenizer(unigram({ vocab: more, byte_fallback: true }));
    expect([...tokenizer.encode("aéb", PLAIN)]).toEqual([1, 8, 9, 2]);
    expect([...tokenizer.encode("a日éb", PLAIN)]).toEqual([1, 0, 2]);
  });

  it("refuses a text that needs an unknown token, where there is none", async () => {
    const tokenizer = await loadTokenizer(unigram({ unk_id: null }));
    expect([...tokenizer.encode("ab", PLAIN)]).toEqual([4]);
    expect(() => tokenizer.encode("x", PLAIN)).toThrow(/unknown token/);
  });

  it("is linear where one long token almost matches everywhere", async () => {
    const long = [...vocab, [`${"a".repeat(20_000)}z`, ln(0.1)]];
    const tokenizer = await loadTokenizer(unigram({ vocab: long }));
    expect(tokenizer.count("a".repeat(1 << 18), PLAIN)).toBe(1 << 18);
  });
});

describe("WordPiece", () => {
  const vocab = {
    "[UNK]": 0,
    un: 1,
    "##aff": 2,
    "##able": 3,
    "##a": 4,
    aff: 5,
    u: 6,
    "##n": 7,
    "##f": 8,
  };
  const model = { type: "WordPiece", unk_token: "[UNK]", vocab };

  it.each([
    ["unaffable", [1, 2, 3]],
    ["unaffablez", [0]],
    ["affun", [0]],
    ["unaf", [1, 4, 8]],
    ["unn", [1, 7]],
    ["a".repeat(101), [0]],
  ])("%s", async (text, ids) => {
    expect([...(await loadTokenizer(file(model))).encode(text, PLAIN)]).toEqual(ids);
  });

  it("matches greedily, as a plain search does", async () => {
    const pieces = ["a", "ab", "abab", "b", "##a", "##b", "##ba", "##babb", "##abba"];
    const ids = Object.fromEntries(["[UNK]", ...pieces].map((piece, id) => [piece, id]));
    const tokenizer = await loadTokenizer(file({ ...model, vocab: ids }));
    for (let word = 0; word < 1 << 10; word++) {
      const text = word.toString(2).replaceAll("0", "a").replaceAll("1", "b");
      expect([...tokenizer.encode(text, PLAIN)]).toEqual(greedy(text, ids));
    }
  });

  it("is linear where a long token almost matches everywhere", async () => {
    const long = { "[UNK]": 0, a: 1, "##a": 2, [`##${"a".repeat(20_000)}z`]: 3 };
    const big = { ...model, vocab: long, max_input_chars_per_word: 2 ** 30 };
    const tokenizer = await loadTokenizer(file(big));
    expect(tokenizer.count("a".repeat(1 << 18), PLAIN)).toBe(1 << 18);
  });
});

function greedy(text: string, ids: Readonly<Record<string, number>>): number[] {
  const out: number[] = [];
  for (let start = 0; start < text.length; ) {
    let end = text.length;
    const name = (): string => (start > 0 ? "##" : "") + text.slice(start, end);
    while (end > start && ids[name()] === undefined) end--;
    if (end === start) return [0];
    out.push(ids[name()]!);
    start = end;
  }
  return out;
}

describe("WordLevel", () => {
  it("looks words up", async () => {
    const model = { type: "WordLevel", vocab: { "<unk>": 0, hi: 1 }, unk_token: "<unk>" };
    const source = file(model, { pre_tokenizer: { type: "Whitespace" } });
    expect(await tokens(source, "hi, hi")).toEqual([
      ["hi", 0, 2],
      ["<unk>", 2, 3],
      ["hi", 4, 6],
    ]);
  });
});
