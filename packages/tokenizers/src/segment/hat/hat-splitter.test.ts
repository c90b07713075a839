import { FrugalError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hatSplitter } from "./hat-splitter.js";

const { split, ends } = hatSplitter();
const limited = (text: string, maxBytes: number): string[] =>
  hatSplitter({ maxBytes })
    .splitBytes(text)
    .map((bytes) => new TextDecoder().decode(bytes));

describe("hatSplitter", () => {
  it.each([
    ["", []],
    ["Hello, world!", ["Hello,", " world!"]],
    ["howAreYou", ["how", "Are", "You"]],
    ["how_are_you", ["how_", "are_", "you"]],
    ["(a) b", ["(", "a)", " b"]],
    ["a  b   c", ["a", "  ", "b", "   ", "c"]],
    [" \n ", [" ", "\n", " "]],
    [" !", [" !"]],
    ["\n!", ["\n", "!"]],
    ["3.14 1,000 10:30", ["3.", "14", " 1,", "000", " 10:", "30"]],
    ["日本 ภาษา", ["日", "本", " ภ", "า", "ษ", "า"]],
    ["🇩🇪🇫🇷🇩", ["🇩🇪", "🇫🇷", "🇩"]],
    ["👨‍👩‍👧 ok", ["👨‍👩‍👧", " ok"]],
    ["a\r\n\nb", ["a", "\r\n", "\n", "b"]],
    // A mark holds on to a space, which is then no space any more.
    [" ̈ a", [" ̈", " a"]],
    // A quotation mark between Hebrew letters, cut behind itself; an ideographic space runs on with a plain one.
    ['צה"ל', ['צה"', "ל"]],
    ["a \u3000b", ["a", " \u3000", "b"]],
    ["ab\u00adc", ["ab\u00adc"]],
    // A joiner ties a letter in a circle; it is then no letter any more.
    ["a\u200dⓂb", ["a\u200dⓂ", "b"]],
    ["aⓂb", ["aⓂb"]],
  ])("%j", (text, words) => {
    expect(split(text)).toEqual(words);
  });

  it("cuts long words at whole characters, and inside a character where none fits", () => {
    expect(limited("verylongword", 10)).toEqual(["verylongwo", "rd"]);
    expect(limited("für", 2)).toEqual(["f", "ü", "r"]);
    const parts = hatSplitter({ maxBytes: 2 }).splitBytes("🌝");
    expect(parts.map((part) => part.length)).toEqual([2, 2]);
    expect(limited("日本", 5)).toEqual(["日", "本"]);
  });

  it("keeps every unit, in words that are not empty", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        const words = split(text);
        expect(words.join("")).toBe(text);
        expect(words).not.toContain("");
        let at = 0;
        expect([...ends(text)]).toEqual(words.map((word) => (at += word.length)));
      }),
    );
  });

  it("is causal: more text changes the last word at most", () => {
    const unit = fc.constantFrom(..."ab AZ .,'\n12é日カ_\u0308\u200d🇩👨");
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 24 }), fc.nat(24), (units, cut) => {
        const whole = split(units.join(""));
        const part = split(units.slice(0, cut).join(""));
        part.slice(0, -1).forEach((word, i) => {
          expect(whole[i]!.startsWith(word) || word.startsWith(whole[i]!)).toBe(true);
        });
      }),
    );
  });

  it("takes one pass where rules read ahead", () => {
    const marks = "\u0308".repeat(1 << 17);
    expect(split(`a'${marks}`)).toEqual(["a'", marks]);
    expect(split(" ".repeat(1 << 18))).toHaveLength(1);
    expect(split("'a".repeat(1 << 16))).toHaveLength((1 << 16) + 1);
  });

  it("reads a lone surrogate as U+FFFD", () => {
    expect(split("a\ud800b")).toEqual(["a", "\ufffd", "b"]);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a limit of %s", (maxBytes) => {
    expect(() => hatSplitter({ maxBytes })).toThrow(/maxBytes must be a whole number from 1 up/);
  });

  it("refuses what is no text", () => {
    try {
      split(7 as unknown as string);
      expect.unreachable();
    } catch (error) {
      expect(FrugalError.is(error, "ArgumentError")).toBe(true);
    }
  });
});
