import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { matcherOf } from "./matcher.js";

function matches(source: string, text: string, literal = false): string[] {
  const found: string[] = [];
  matcherOf({ literal, source }, "pattern").each(text, (start, end) => {
    found.push(text.slice(start, end));
  });
  return found;
}

describe("matcherOf", () => {
  it.each([
    ["\\s+", "a\u0085b\ufeffc d", ["\u0085", " "]],
    ["\\S+", "a\u0085b\ufeffc", ["a", "b\ufeffc"]],
    ["\\d+", "12 ٣٤ ½", ["12", "٣٤"]],
    ["\\w+", "a_b‿c é\u0301 ½² ①", ["a_b‿c", "é\u0301", "½²"]],
    ["\\h+", "xyzBEEFg", ["BEEF"]],
    ["(?i:'s|'t)", "'s 'S 'ſ 'T s", ["'s", "'S", "'ſ", "'T"]],
    ["(?i)k+|σ", "kK\u212a ς Σ", ["kK\u212a", "ς", "Σ"]],
    ["a(?i)b|c", "aB C a", ["aB"]],
    ["[^\\r\\n\\p{L}\\p{N}]?\\p{L}+", " the_end\n", [" the", "_end"]],
    ["\\p{N}{1,3}", "12345", ["123", "45"]],
    ["\\p{^L}", "aé1", ["1"]],
    ["\\P{L}", "aé1", ["1"]],
    ["[\\p{Han}]+", "ab漢字c", ["漢字"]],
    ["[\\p{L}&&[^\\p{Han}]]+", "ab漢字c", ["ab", "c"]],
    ["[^\\p{L}&&[^a]]+", "ab-a", ["a", "-a"]],
    ["[a[0-9]]+", "a1b2", ["a1", "2"]],
    ["[a\\-z]+", "a-z m", ["a-z"]],
    ["[]a]+", "a]b", ["a]"]],
    ["x?+x|y", "xx y", ["xx", "y"]],
    ["(?>a+)b", "aab", ["aab"]],
    ["(?<=a)b|(?<!a)c", "ab cb ac", ["b", "c"]],
    ["\\s+(?!\\S)|\\s+", "a   b ", ["  ", " ", " "]],
    ["^a|b$", "a\nab\nb", ["a", "a", "b", "b"]],
    ["\\Aa|a\\z", "aba", ["a", "a"]],
    ["x{,2}y", "xxxy", ["xxy"]],
    ["x{y", "x{y", ["x{y"]],
    ["\\x41\\u0042\\x{1F600}", "AB😀", ["AB😀"]],
    [".", "a\n😀", ["a", "😀"]],
  ])("%s", (source, text, expected) => {
    expect(matches(source, text)).toEqual(expected);
  });

  it("never gives back what a possessive repetition has taken", () => {
    expect(matches("a++a|b", "aaab")).toEqual(["b"]);
  });

  it("goes on behind an empty match, by whole characters", () => {
    expect(matches("x*", "😀x")).toEqual(["", "x", ""]);
  });

  it("finds literals without overlap, and nothing for an empty one", () => {
    expect(matches("aa", "aaaaa", true)).toEqual(["aa", "aa"]);
    expect(matches("", "ab", true)).toEqual([]);
    expect(matches(".", "a.b", true)).toEqual(["."]);
  });

  it("refers back to groups, reads named classes, lets a dot match line ends", () => {
    expect(matches("(.)\\1", "aabcc")).toEqual(["aa", "cc"]);
    expect(matches("[[:alpha:]]+|[[:^alpha:]]", "ab1")).toEqual(["ab", "1"]);
    expect(matches("(?m:a.b)", "a\nb")).toEqual(["a\nb"]);
  });

  it.each([
    ["(a", "FormatError"],
    ["a)", "FormatError"],
    ["*a", "FormatError"],
    ["[a", "FormatError"],
    ["[b-a]", "FormatError"],
    ["a\\", "FormatError"],
    ["a{3,2}", "FormatError"],
    ["\\p", "FormatError"],
    ["\\x{110000}", "FormatError"],
    ["(?i)(a)\\1", "CapabilityError"],
    ["\\1(a)", "FormatError"],
    ["\\p{Nope}", "CapabilityError"],
    ["(?x:a)", "CapabilityError"],
    ["[[:vowel:]]", "CapabilityError"],
    ["a{1,2}+", "CapabilityError"],
    ["a+*", "CapabilityError"],
    ["(?=a)*", "CapabilityError"],
    ["(a|b)*", "CapabilityError"],
    ["(a+)+", "CapabilityError"],
    ["(?i:[a-é])", "CapabilityError"],
  ] as const)("refuses %s", (source, code) => {
    try {
      matches(source, "a");
      expect.unreachable();
    } catch (error) {
      expect(FrugalError.is(error, code)).toBe(true);
    }
  });
});
