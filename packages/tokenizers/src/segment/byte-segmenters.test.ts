import { FrugalError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GreedyOptions, greedyEncoder } from "./greedy.js";
import { pathPieceEncoder } from "./path-piece.js";

const utf8 = new TextEncoder();
const bytesOf = (tokens: readonly string[]): Uint8Array[] => tokens.map((t) => utf8.encode(t));
const named = (tokens: readonly string[], ids: Uint32Array): string[] =>
  Array.from(ids, (id) => tokens[id]!);

const SMALL = ["a", "b", "c", "d", "ab", "bc", "cd", "abc", "bcd"];
const OTHER = ["a", "b", "c", "ab", "bc", "abca", "bcab", "cab"];

/** Any vocabulary over two letters that has both; any text over them. */
const vocabularies = fc
  .uniqueArray(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 2, maxLength: 5 }))
  .map((tokens) => ["b", ...tokens, "a"]);
const texts = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 14 });

describe("pathPieceEncoder", () => {
  it.each([
    [SMALL, "abcd", ["a", "bcd"]],
    [SMALL, "abcdabc", ["a", "bcd", "abc"]],
    [SMALL, "aabcd", ["a", "a", "bcd"]],
    [OTHER, "abcab", ["a", "bcab"]],
    [OTHER, "abcabc", ["abca", "bc"]],
    [SMALL, "", []],
  ])("%j: %s", (tokens, text, expected) => {
    expect(named(tokens, pathPieceEncoder(bytesOf(tokens)).encode(text))).toEqual(expected);
  });

  it("finds the fewest tokens, of such ways the one with the longest from the back", () => {
    fc.assert(
      fc.property(vocabularies, texts, (tokens, text) => {
        const ways = allWays(tokens, text);
        const fewest = Math.min(...ways.map((way) => way.length));
        const key = (way: string[]): string =>
          way
            .map((t) => t.length)
            .reverse()
            .join();
        const best = ways
          .filter((way) => way.length === fewest)
          .reduce((a, b) => (key(a) > key(b) ? a : b));
        expect(named(tokens, pathPieceEncoder(bytesOf(tokens)).encode(text))).toEqual(best);
      }),
    );
  });

  it("needs no single bytes that the text does without", () => {
    const { encode } = pathPieceEncoder(bytesOf(["ab", "abc", "ca"]));
    expect([...encode("abca")]).toEqual([0, 2]);
    expect(() => encode("abcb")).toThrow(/none covers here/);
    expect(() => encode("abcabx")).toThrow(/the byte 120 at 5/);
  });

  it("takes a token of any bytes, the lowest id of equal ones", () => {
    const tokens = [new Uint8Array(0), Uint8Array.of(0xff), Uint8Array.of(0xff)];
    const { encode } = pathPieceEncoder(tokens);
    expect([...encode(Uint8Array.of(0xff, 0xff))]).toEqual([1, 1]);
  });

  it("cuts the longest token short with maxLength", () => {
    const { encode } = pathPieceEncoder(bytesOf(SMALL), { maxLength: 2 });
    expect(named(SMALL, encode("abcd"))).toEqual(["ab", "cd"]);
  });

  it("draws one number at each tie, 1/k for the k-th way", () => {
    // Up to the third byte: a|bc and ab|c tie; c comes first.
    const tokens = ["a", "b", "c", "ab", "bc"];
    const drawn: number[] = [];
    const encode = (draw: number): string[] => {
      const random = (): number => {
        drawn.push(draw);
        return draw;
      };
      const options = { tieBreak: "random", random } as const;
      return named(tokens, pathPieceEncoder(bytesOf(tokens), options).encode("abc"));
    };
    expect(encode(0.49)).toEqual(["a", "bc"]);
    expect(encode(0.5)).toEqual(["ab", "c"]);
    expect(drawn).toEqual([0.49, 0.5]);
  });

  it("is linear in a text of one letter", () => {
    const { encode } = pathPieceEncoder(bytesOf(["a", "a".repeat(64)]));
    expect(encode("a".repeat(1 << 16))).toHaveLength(1 << 10);
  });

  it.each([
    [{ maxLength: 0 }],
    [{ maxLength: 1.5 }],
    [{ tieBreak: "first" as "longest" }],
    [{ tieBreak: "random" as const }],
  ])("refuses %j", (options) => {
    expect(refusal(() => pathPieceEncoder(bytesOf(SMALL), options))).toBe("ArgumentError");
  });
});

describe("greedyEncoder", () => {
  const encode = (
    tokens: readonly string[],
    text: string,
    direction: NonNullable<GreedyOptions["direction"]>,
  ): string[] => named(tokens, greedyEncoder(bytesOf(tokens), { direction }).encode(text));

  it.each([
    [SMALL, "abcd", "left-to-right", ["abc", "d"]],
    [SMALL, "abcd", "right-to-left", ["a", "bcd"]],
    [OTHER, "abcab", "left-to-right", ["abca", "b"]],
    [OTHER, "abcab", "right-to-left", ["a", "bcab"]],
    [OTHER, "abcabc", "left-to-right", ["abca", "bc"]],
    [OTHER, "cabcab", "longest-first", ["c", "abca", "b"]],
    [["a", "b", "bbb", "ab"], "abbb", "longest-first", ["a", "bbb"]],
    [SMALL, "", "longest-first", []],
  ] as const)("%j: %s %s", (tokens, text, direction, expected) => {
    expect(encode(tokens, text, direction)).toEqual(expected);
  });

  it("does what a plain search does, in each direction", () => {
    fc.assert(
      fc.property(vocabularies, texts, (tokens, text) => {
        expect(encode(tokens, text, "left-to-right")).toEqual(plainFront(tokens, text));
        const turned = tokens.map((t) => [...t].reverse().join(""));
        const back = plainFront(turned, [...text].reverse().join(""));
        const forward = back.map((t) => [...t].reverse().join("")).reverse();
        expect(encode(tokens, text, "right-to-left")).toEqual(forward);
        expect(encode(tokens, text, "longest-first")).toEqual(plainLongest(tokens, text));
      }),
    );
  });

  it("names the byte that no token covers", () => {
    const tokens = ["a", "ab", "bc"];
    expect(() => encode(tokens, "abc", "left-to-right")).toThrow(/the byte 99 at 2/);
    expect(() => encode(tokens, "cab", "right-to-left")).toThrow(/the byte 99 at 0/);
    expect(() => encode(tokens, "aca", "longest-first")).toThrow(/the byte 99 at 1/);
    expect(named(tokens, pathPieceEncoder(bytesOf(tokens)).encode("abc"))).toEqual(["a", "bc"]);
  });

  it("encodes a lone surrogate as U+FFFD", () => {
    const { encode } = greedyEncoder(bytesOf(["\ufffd"]));
    expect([...encode("\udc00\ud800")]).toEqual([0, 0]);
  });

  it.each([
    [["a"], { direction: "up" as "left-to-right" }],
    [[], {}],
    [[""], {}],
  ])("refuses %j %j", (tokens, options) => {
    expect(refusal(() => greedyEncoder(bytesOf(tokens), options))).toBe("ArgumentError");
  });

  it("refuses a hole in the list of tokens", () => {
    const tokens = new Array<Uint8Array>(2);
    tokens[0] = Uint8Array.of(1);
    expect(() => greedyEncoder(tokens)).toThrow(/tokens\[1\] must be a Uint8Array/);
  });
});

function allWays(tokens: readonly string[], text: string): string[][] {
  if (text === "") return [[]];
  return tokens
    .filter((token) => text.startsWith(token))
    .flatMap((token) => allWays(tokens, text.slice(token.length)).map((way) => [token, ...way]));
}

function plainFront(tokens: readonly string[], text: string): string[] {
  if (text === "") return [];
  const fitting = tokens.filter((token) => text.startsWith(token));
  const longest = fitting.reduce((a, b) => (b.length > a.length ? b : a));
  return [longest, ...plainFront(tokens, text.slice(longest.length))];
}

function plainLongest(tokens: readonly string[], text: string): string[] {
  if (text === "") return [];
  const most = Math.max(...tokens.filter((t) => text.includes(t)).map((t) => t.length));
  for (let at = 0; ; at++) {
    const token = text.slice(at, at + most);
    if (!tokens.includes(token)) continue;
    const rest = text.slice(at + most);
    return [...plainLongest(tokens, text.slice(0, at)), token, ...plainLongest(tokens, rest)];
  }
}

function refusal(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return FrugalError.is(error) ? error.code : "another";
  }
}
