import { describe, expect, it } from "vitest";
import { type AddedToken, addedTokenFinder } from "./added-tokens.js";

const token = (content: string, flags: Partial<AddedToken> = {}): AddedToken => ({
  id: 1,
  content,
  singleWord: false,
  stripLeft: false,
  stripRight: false,
  normalized: false,
  special: true,
  ...flags,
});

/** The parts of the text, tokens in brackets. */
function found(text: string, tokens: readonly AddedToken[], specialAsText = false): string[] {
  const parts: string[] = [];
  addedTokenFinder(tokens, (entry) => entry.content)!.scan(
    text,
    (token) => specialAsText && token.special,
    (start, end) => parts.push(text.slice(start, end)),
    (_, start, end) => parts.push(`[${text.slice(start, end)}]`),
  );
  return parts;
}

describe("addedTokenFinder", () => {
  it("finds tokens at the front, within, side by side and at the end", () => {
    expect(found("<s>a<s><s>b<s>", [token("<s>")])).toEqual([
      "[<s>]",
      "a",
      "[<s>]",
      "[<s>]",
      "b",
      "[<s>]",
    ]);
  });

  it("takes the longest of those that begin at a place", () => {
    expect(found("x<|a|>bc<|a|>", [token("<|a|>"), token("<|a|>b")])).toEqual([
      "x",
      "[<|a|>b]",
      "c",
      "[<|a|>]",
    ]);
  });

  it("takes in whitespace where asked, of every kind", () => {
    const both = token("<m>", { stripLeft: true, stripRight: true });
    expect(found("a \u0085<m>\u3000 b", [both])).toEqual(["a", "[ \u0085<m>\u3000 ]", "b"]);
    expect(found("a  <m> <m>  b", [both])).toEqual(["a", "[  <m> ]", "[<m>  ]", "b"]);
    expect(found("a <m> b", [token("<m>", { stripLeft: true })])).toEqual(["a", "[ <m>]", " b"]);
  });

  it("matches single words only where asked", () => {
    const word = token("b", { singleWord: true });
    expect(found("ab b\u0301 b _b b", [word])).toEqual(["ab b\u0301 ", "[b]", " _b ", "[b]"]);
    expect(found("𝒜b b𝒜 b", [word])).toEqual(["𝒜b b𝒜 ", "[b]"]);
  });

  it("leaves special tokens in the text when asked, others not", () => {
    const tokens = [token("<s>"), token("<x>", { special: false })];
    expect(found("<s><x>", tokens, true)).toEqual(["<s>", "[<x>]"]);
  });

  it("is null where there is nothing to find", () => {
    expect(addedTokenFinder([], (entry) => entry.content)).toBeNull();
    expect(addedTokenFinder([token("<s>")], () => "")).toBeNull();
  });
});
