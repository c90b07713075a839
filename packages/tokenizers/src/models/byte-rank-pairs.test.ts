import { expect, it } from "vitest";
import { byteVocabulary } from "../engine/byte-vocabulary.js";
import { byteCharacters } from "../text/byte-characters.js";
import { byteRankPairs } from "./byte-rank-pairs.js";
import { rankPairs } from "./rank-pairs.js";

it("finds the pairs that merging characters by rank finds, also those of tokens that pairs made", () => {
  const bytes = Array.from(byteCharacters(), (code) => String.fromCharCode(code));
  const tokens = [...bytes, "ab", "abc", "abcabc", "abcabcab", "ĠĠ", "ĠĠĠĠ", "x".repeat(70), "xx"];
  const vocabulary = new Map(tokens.map((token, id) => [token, id]));
  const parts = { vocabulary, bytes: true, ignoreMerges: true, unknown: -1, fuseUnknown: false };
  const read = byteVocabulary({ ...parts, byteFallback: null, prefix: "", suffix: "" })!;
  const found: string[] = [];
  const expected: string[] = [];
  byteRankPairs(read).each((left, right) => found.push(`${tokens[left]} ${tokens[right]}`));
  rankPairs(vocabulary).each((left, right) => expected.push(`${tokens[left]} ${tokens[right]}`));
  expect(found.toSorted()).toEqual(expected.toSorted());
  expect(found).toContain("abcabc ab");
  expect(found).toContain("abc abc");
});
