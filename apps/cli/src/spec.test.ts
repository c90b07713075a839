import { describe, expect, test } from "vitest";
import { parseSpec, takeBudget } from "./spec.js";

describe("parseSpec", () => {
  test.each([
    ["divprune", "divprune", {}],
    ["divprune:keep=0.25", "divprune", { keep: 0.25 }],
    [
      "snapkv:tokens=256,positions=compact,x=true",
      "snapkv",
      { tokens: 256, positions: "compact", x: true },
    ],
    ["./a/b.mjs:keep=0.5", "./a/b.mjs", { keep: 0.5 }],
    ["C:\\a\\b.mjs", "C:\\a\\b.mjs", {}],
    ["C:\\a\\b.mjs:keep=1", "C:\\a\\b.mjs", { keep: 1 }],
    ["a:word=", "a", { word: "" }],
  ])("reads %s", (text, name, options) => {
    expect(parseSpec(text)).toEqual({ name, options });
  });

  test.each(["", "a:keep=1,keep=2", "a:=3", "a:keep=1,"])("refuses '%s'", (text) => {
    expect(() => parseSpec(text)).toThrow(/error: /);
  });
});

describe("takeBudget", () => {
  const otherwise = { keepRatio: 0.25 };

  test("takes keep or tokens out, and leaves the rest", () => {
    expect(takeBudget(parseSpec("a:keep=0.5,k=3"), otherwise)).toEqual({
      budget: { keepRatio: 0.5 },
      rest: { k: 3 },
    });
    expect(takeBudget(parseSpec("a:tokens=7"), otherwise)).toEqual({
      budget: { tokens: 7 },
      rest: {},
    });
    expect(takeBudget(parseSpec("a"), otherwise)).toEqual({ budget: otherwise, rest: {} });
  });

  test.each([
    "a:keep=1.5",
    "a:keep=-1",
    "a:keep=x",
    "a:tokens=1.5",
    "a:tokens=-1",
    "a:tokens=q",
    "a:keep=1,tokens=2",
  ])("refuses %s", (text) => {
    expect(() => takeBudget(parseSpec(text), otherwise)).toThrow(/error: a: /);
  });
});
