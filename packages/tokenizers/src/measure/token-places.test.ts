import { describe, expect, test } from "vitest";
import { charTaskProbe } from "./char-task-probe.js";
import { tokenTypeSequence } from "./token-type-sequence.js";

/** Tokens of the given lengths, one after the other. */
const cutting = (...lengths: readonly number[]) => ({
  encodeWithOffsets() {
    const ends = lengths.map((_, i) => lengths.slice(0, i + 1).reduce((a, b) => a + b, 0));
    const offsets = ends.flatMap((end, i) => [end - lengths[i]!, end]);
    return { ids: Uint32Array.from(lengths.keys()), offsets: Uint32Array.from(offsets) };
  },
});

describe("charTaskProbe", () => {
  test("strawberry and r", () => {
    // st|raw|berry
    const probe = charTaskProbe("strawberry", "r", cutting(2, 3, 5));
    expect(probe.answers).toEqual({ uniqueCharacters: 8, frequency: 3, first: 2, last: 8 });
    expect(probe).toMatchObject({ wordLength: 10, tokenCount: 3 });
    expect(probe.first).toEqual({ tokenIndex: 1, tokenLength: 3, offset: 0 });
    expect(probe.last).toEqual({ tokenIndex: 2, tokenLength: 5, offset: 3 });
  });

  test("counts code points", () => {
    // 𝒳𝒳 | é𝒳
    const probe = charTaskProbe("𝒳𝒳é𝒳", "é", cutting(4, 3));
    expect(probe.answers).toEqual({ uniqueCharacters: 2, frequency: 1, first: 2, last: 2 });
    expect(probe.first).toEqual({ tokenIndex: 1, tokenLength: 2, offset: 0 });
    expect(charTaskProbe("𝒳𝒳é𝒳", "𝒳", cutting(4, 3)).last).toEqual({
      tokenIndex: 1,
      tokenLength: 2,
      offset: 1,
    });
  });

  test("a character that does not occur, and one that no token holds", () => {
    const probe = charTaskProbe("abc", "x", cutting(3));
    expect(probe).toMatchObject({
      answers: { uniqueCharacters: 3, frequency: 0, first: -1, last: -1 },
      first: null,
      last: null,
    });
    expect(charTaskProbe("abc", "c", cutting(2)).first).toBeNull();
  });

  test("refuses no word, and more than a character", () => {
    expect(() => charTaskProbe("", "x", cutting())).toThrow(/word must be a text/);
    expect(() => charTaskProbe("abc", "ab", cutting(3))).toThrow(/character must be one character/);
    expect(() => charTaskProbe("abc", "", cutting(3))).toThrow(/one character/);
  });
});

describe("tokenTypeSequence", () => {
  const lexer = () => [
    { start: 0, end: 3, type: "keyword" },
    { start: 4, end: 9, type: "name" },
    { start: 9, end: 10, type: "operator" },
  ];

  test("every part of a lexeme has its type, a leading space does not count", () => {
    // let| cou|nt|=| |
    const { types, ids } = tokenTypeSequence("let count= ", lexer, cutting(3, 4, 2, 1, 1));
    expect(types).toEqual(["keyword", "name", "name", "operator", null]);
    expect(ids).toHaveLength(5);
  });

  test("a token over two lexemes has the first one's; a marker has none", () => {
    expect(tokenTypeSequence("let count=", lexer, cutting(0, 8, 2)).types).toEqual([
      null,
      "keyword",
      "name",
    ]);
    expect(tokenTypeSequence("let count=", () => [], cutting(3, 7)).types).toEqual([null, null]);
  });

  test("parts of one character, whose spans repeat", () => {
    const twice = {
      encodeWithOffsets: () => ({
        ids: Uint32Array.of(1, 2, 3),
        offsets: Uint32Array.of(0, 3, 0, 3, 4, 9),
      }),
    };
    expect(tokenTypeSequence("let count=", lexer, twice).types).toEqual([
      "keyword",
      "keyword",
      "name",
    ]);
  });

  test.each([
    [[{ start: 0, end: 11, type: 1 }], /span within 0\.\.10/],
    [[{ start: 2, end: 1, type: 1 }], /span within/],
    [[{ start: 0.5, end: 1, type: 1 }], /span within/],
    [
      [
        { start: 0, end: 4, type: 1 },
        { start: 3, end: 5, type: 1 },
      ],
      /span within 4\.\.10/,
    ],
  ])("refuses %j", (lexemes, message) => {
    expect(() => tokenTypeSequence("let count=", () => lexemes, cutting(10))).toThrow(message);
  });
});
