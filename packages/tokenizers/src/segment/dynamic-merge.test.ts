import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type MergeBoundary,
  pieceBoundary,
  punctuationTokens,
  sentenceBoundary,
  wordBoundary,
} from "./dynamic-boundaries.js";
import { dynamicBpeMerge } from "./dynamic-merge.js";

const everywhere: MergeBoundary = () => true;

describe("dynamicBpeMerge", () => {
  const batch = [
    ["Ġm", "R", "NA", "Ġis"],
    ["Ġm", "R", "NA", "."],
    ["ĠR", "NA"],
  ];
  const boundary: MergeBoundary = (_, right) => !right.startsWith("Ġ") && right !== ".";

  it("merges the most frequent pair first, of such the first in the batch", () => {
    expect(dynamicBpeMerge(batch, { maxMerges: 9, boundary })).toEqual({
      batch: [["ĠmRNA", "Ġis"], ["ĠmRNA", "."], ["ĠRNA"]],
      merges: [
        ["Ġm", "R"],
        ["ĠmR", "NA"],
        ["ĠR", "NA"],
      ],
    });
    const two = dynamicBpeMerge(batch, { maxMerges: 2, boundary }).batch;
    expect(two[2]).toEqual(["ĠR", "NA"]);
  });

  it("leaves the batch as it is without merges", () => {
    expect(dynamicBpeMerge(batch, { maxMerges: 0, boundary }).batch).toEqual(batch);
    expect(dynamicBpeMerge([[], ["a"], []], { maxMerges: 5, boundary })).toEqual({
      batch: [[], ["a"], []],
      merges: [],
    });
  });

  it("counts pairs that overlap and merges them from the left", () => {
    // (a, a) stands at two places, (b, c) at two: the first in the batch wins.
    const given = [
      ["b", "c"],
      ["a", "a", "a"],
      ["b", "c"],
    ];
    const { merges } = dynamicBpeMerge(given, { maxMerges: 2, boundary: everywhere });
    expect(merges).toEqual([
      ["b", "c"],
      ["a", "a"],
    ]);
    const all = dynamicBpeMerge([["a", "a", "a"]], { maxMerges: 1, boundary: everywhere });
    expect(all.batch).toEqual([["aa", "a"]]);
  });

  it("does what counting anew for each merge does", () => {
    const token = fc.constantFrom("a", "b", "ab", "ba", "c");
    const batches = fc.array(fc.array(token, { maxLength: 12 }), { maxLength: 5 });
    const refused: MergeBoundary = (left, right) => !`${left}|${right}`.includes("b|a");
    fc.assert(
      fc.property(batches, fc.nat(8), fc.constantFrom(everywhere, refused), (given, max, test) => {
        const found = dynamicBpeMerge(given, { maxMerges: max, boundary: test });
        expect(found.batch).toEqual(plain(given, max, test));
      }),
      { numRuns: 500 },
    );
  });

  it("merges a long run in steps that halve it", () => {
    const given = [new Array<string>(1 << 14).fill("a")];
    const { batch: found } = dynamicBpeMerge(given, { maxMerges: 14, boundary: everywhere });
    expect(found).toEqual([["a".repeat(1 << 14)]]);
  });

  it.each([
    [["a"], 1, /batch\[0\] must be a list of strings/],
    [[["a", 1]], 1, /batch\[0\] must be a list of strings/],
    [[["a"]], -1, /maxMerges must be/],
    [[["a"]], Number.NaN, /maxMerges must be/],
  ])("refuses %j, %s", (given, maxMerges, message) => {
    const merge = (): unknown =>
      dynamicBpeMerge(given as unknown as string[][], { maxMerges, boundary });
    expect(merge).toThrow(message);
  });
});

describe("boundaries", () => {
  const specialTokens = new Set(["<s>"]);
  const word = wordBoundary({ specialTokens });
  const sentence = sentenceBoundary({ specialTokens });
  const punctuation = punctuationTokens(["-", ",", "Ġ(", "a", "1.", "²)"]);
  const hyphen = wordBoundary({ specialTokens, punctuation });

  it("tells punctuation without digits from other tokens", () => {
    expect([...punctuation]).toEqual(["-", ",", "Ġ("]);
  });

  it.each([
    ["a", "b", true, true, true],
    ["Ġa", "b", true, true, true],
    ["a", "Ġb", false, false, false],
    ["<s>", "a", false, false, false],
    ["a", "<s>", false, false, false],
    ["a", ",", true, false, true],
    [",", "a", true, true, true],
    [",", "-", true, true, true],
    ["a", "-", true, true, true],
    ["Ġ", "Ġ", false, false, true],
    ["Ċ", "Ċ", false, false, false],
    ["Ċ", "ĊĊ", false, false, true],
    ["Ã", "a", true, true, true],
    // U+00A0 is white space that the first rule does not know.
    ["aÂł", "b", false, false, true],
  ])("%s + %s", (left, right, inWord, withHyphen, inSentence) => {
    expect(word(left, right)).toBe(inWord);
    expect(hyphen(left, right)).toBe(withHyphen);
    expect(sentence(left, right)).toBe(inSentence);
  });

  it("asks the pre-tokenizer for the text that the bytes are", () => {
    const seen: string[] = [];
    const test = pieceBoundary({
      preTokenize(text) {
        seen.push(text);
        return { pieces: text.split(/(?=\d)/), offsets: new Uint32Array(0) };
      },
    });
    expect([test("ĠÃ", "©"), test("a", "1"), test("Ã", "1"), test("日", "x")]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(seen).toEqual([" é", "a1", "日x"]);
  });
});

function plain(
  given: readonly (readonly string[])[],
  max: number,
  test: MergeBoundary,
): readonly (readonly string[])[] {
  let batch = given;
  for (let merge = 0; merge < max; merge++) {
    const counts = new Map<string, number>();
    for (const tokens of batch)
      for (let i = 0; i + 1 < tokens.length; i++) {
        if (!test(tokens[i]!, tokens[i + 1]!)) continue;
        const key = `${tokens[i]} ${tokens[i + 1]}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    const most = Math.max(0, ...counts.values());
    const found = [...counts].find(([, count]) => count === most);
    if (found === undefined) return batch;
    const [left, right] = found[0].split(" ");
    batch = batch.map((tokens) => {
      const out: string[] = [];
      for (let i = 0; i < tokens.length; i++) {
        if (tokens[i] === left && tokens[i + 1] === right) out.push(left! + tokens[++i]!);
        else out.push(tokens[i]!);
      }
      return out;
    });
  }
  return batch;
}
