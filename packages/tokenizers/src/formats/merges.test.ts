import { describe, expect, it } from "vitest";
import { TokenArena } from "../models/token-arena.js";
import type { Fields } from "./fields.js";
import { readJson } from "./json.js";
import { readMerges } from "./merges.js";

const NAMES = [
  "a",
  "b",
  "c",
  "ab",
  "bc",
  "abc",
  "##b",
  "a##b",
  '"',
  'a"',
  "é",
  "éa",
  "aa",
  "aaa",
  "aaaa",
];
const vocabulary = TokenArena.of(new Map(NAMES.map((name, id) => [name, id])));

const parsed = (merges: unknown): Fields => ({ path: "model", value: { merges } });
const scanned = (text: string): Fields => ({
  path: "model",
  value: readJson(`{"model":{"merges":${text}}}`, "file", ["model.merges"]).value.model as Record<
    string,
    unknown
  >,
});

function pairsOf(model: Fields, prefix = ""): number[][] {
  const found: number[][] = [];
  const pairs = readMerges(model, vocabulary, prefix);
  pairs.each((left, right, rank) => found.push([rank, left, right, pairs.product[rank]!]));
  expect(found).toHaveLength(pairs.count);
  for (const [rank, left, right] of found) expect(pairs.rank(left!, right!)).toBe(rank);
  expect(pairs.rank(2, 2)).toBe(-1);
  // The table that look-ups make gives the same pairs.
  const again: number[][] = [];
  pairs.each((left, right, rank) => again.push([rank, left, right, pairs.product[rank]!]));
  const byRank = (a: number[], b: number[]) => a[0]! - b[0]!;
  expect(again.sort(byRank)).toEqual(found.sort(byRank));
  return found;
}

describe("readMerges", () => {
  it.each([
    ["texts", ["a b", "b c", "ab c", 'a "', "é a"]],
    [
      "lists",
      [
        ["a", "b"],
        ["b", "c"],
        ["a", "bc"],
        ["a", '"'],
      ],
    ],
    ["an order that is not that of the products", ["ab c", "a b", "b c"]],
    ["a pair that occurs again", ["a b", "b c", "a b", "b c"]],
    [
      "a pair that occurs again among its neighbors",
      ["a a", "aa a", "a aa", "aa a", "aa a", "aa aa"],
    ],
    ["nothing", []],
  ])("reads %s, scanned and parsed alike", (_, merges) => {
    const found = pairsOf(parsed(merges));
    expect(pairsOf(scanned(JSON.stringify(merges)))).toEqual(found);
    // A pair that occurs again takes its later rank.
    const last = new Map<string, number>();
    for (const [rank, merge] of merges.entries()) last.set(String(merge).replace(",", " "), rank);
    expect(found.map(([rank]) => rank)).toEqual([...last.values()].sort((a, b) => a - b));
  });

  it("reads escapes", () => {
    expect(pairsOf(scanned('["a\\u0020\\"", ["\\u00e9","\\u0061"], "\\u0061 b"]'))).toEqual([
      [0, 0, 8, 9],
      [1, 10, 0, 11],
      [2, 0, 1, 3],
    ]);
  });

  it("takes the prefix off the right part", () => {
    const merges = [["a", "##b"]];
    expect(pairsOf(parsed(merges))).toEqual([[0, 0, 6, 7]]);
    expect(pairsOf(parsed(merges), "##")).toEqual([[0, 0, 6, 3]]);
    expect(pairsOf(scanned(JSON.stringify(merges)), "##")).toEqual([[0, 0, 6, 3]]);
  });

  it.each([
    ["no list", { a: 1 }, /model\.merges must be a list/],
    ["one part", ["a b", "ab"], /model\.merges\[1\] must be two tokens/],
    ["three parts", ["a b c"], /model\.merges\[0\] must be two tokens/],
    ["two spaces", ["a  b"], /model\.merges\[0\] must be two tokens/],
    ["a list of one", [["a"]], /model\.merges\[0\] must be two tokens/],
    ["a list of three", [["a", "b", "c"]], /model\.merges\[0\]/],
    ["an empty list", [["a", "b"], []], /model\.merges\[1\] must be two tokens/],
    ["a number", [1], /model\.merges\[0\] must be two tokens/],
    ["a number inside", [["a", 1]], /model\.merges\[0\] must be two tokens/],
    ["an unknown part", ["a x"], /model\.merges\[0\] names or makes/],
    ["an unknown product", ["a b", "c c"], /model\.merges\[1\] names or makes/],
  ])("refuses %s by its place", (_, merges, message) => {
    expect(() => readMerges(parsed(merges), vocabulary, "")).toThrow(message);
    expect(() => readMerges(scanned(JSON.stringify(merges)), vocabulary, "")).toThrow(message);
  });
});
