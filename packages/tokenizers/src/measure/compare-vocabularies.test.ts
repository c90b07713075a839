import { expect, test } from "vitest";
import { compareVocabularies } from "./compare-vocabularies.js";

const VOCABULARIES = new Map([
  ["a", ["x", " the", " of", "ing"]],
  ["b", ["x", " the", " der"]],
  ["c", ["x", "x"]],
]);

test("counts spaces, tokens of one vocabulary alone, and the core that all share", () => {
  const { rows, coreSize, union } = compareVocabularies(VOCABULARIES);
  expect([coreSize, union]).toEqual([1, 5]);
  expect(rows).toEqual([
    {
      name: "a",
      size: 4,
      spaced: 2,
      spacedShare: 0.5,
      singletons: 2,
      singletonsPerSpaced: 1,
      coreCoverage: 1,
    },
    {
      name: "b",
      size: 3,
      spaced: 2,
      spacedShare: 2 / 3,
      singletons: 1,
      singletonsPerSpaced: 0.5,
      coreCoverage: 1,
    },
    {
      name: "c",
      size: 1,
      spaced: 0,
      spacedShare: 0,
      singletons: 0,
      singletonsPerSpaced: 0,
      coreCoverage: 1,
    },
  ]);
});

test("a core that is given, with tokens that nobody has", () => {
  const { rows, coreSize } = compareVocabularies(VOCABULARIES, { core: ["x", " the", "zz", "x"] });
  expect(coreSize).toBe(3);
  expect(rows.map(({ coreCoverage }) => coreCoverage)).toEqual([2 / 3, 2 / 3, 1 / 3]);
});

test("nothing is 0, and what is no text is refused", () => {
  expect(compareVocabularies(new Map())).toEqual({ rows: [], coreSize: 0, union: 0 });
  expect(compareVocabularies(new Map([["a", []]])).rows[0]).toMatchObject({
    size: 0,
    coreCoverage: 0,
  });
  const bad = new Map([["a", [5 as unknown as string]]]);
  expect(() => compareVocabularies(bad)).toThrow(/a token of a must be a string; got 5/);
});
