import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matcherOf } from "../regex/matcher.js";
import { Spans } from "./spans.js";
import { BEHAVIORS, type Behavior, splitter } from "./split.js";

function parts(text: string, source: string, behavior: Behavior, invert = false): string[] {
  const out = new Spans();
  const matcher = matcherOf({ literal: false, source }, "pattern");
  splitter(matcher, behavior, invert)(`<${text}>`, 1, 1 + text.length, out);
  const found: string[] = [];
  for (let i = 0; i < out.length; i += 2)
    found.push(text.slice(out.values[i]! - 1, out.values[i + 1]! - 1));
  return found;
}

describe("splitter", () => {
  it.each([
    ["Removed", ["a", "b", "c"]],
    ["Isolated", ["a", "-", "-", "b", "-", "c"]],
    ["MergedWithPrevious", ["a-", "-", "b-", "c"]],
    ["MergedWithNext", ["a", "-", "-b", "-c"]],
    ["Contiguous", ["a", "--", "b", "-", "c"]],
  ] as const)("%s", (behavior, expected) => {
    expect(parts("a--b-c", "-", behavior)).toEqual(expected);
  });

  it("takes what lies between as the match when inverted", () => {
    expect(parts("ab1cd22", "\\d+", "Removed", true)).toEqual(["1", "22"]);
    expect(parts("-a-", "-", "MergedWithNext", true)).toEqual(["-", "a-"]);
  });

  it("sees only the range it is given", () => {
    expect(parts("a ", "\\s+(?!\\S)", "Isolated")).toEqual(["a", " "]);
  });

  it("loses nothing but what it removes", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab -\n😀"), maxLength: 30 });
    fc.assert(
      fc.property(text, fc.constantFrom(...BEHAVIORS), fc.boolean(), (x, behavior, invert) => {
        const found = parts(x, "[ -]+|\\n", behavior, invert);
        const kept = behavior === "Removed" ? x.replace(invert ? /[^ -]/gu : /[ \-\n]/g, "") : x;
        expect(found.every((part) => part !== "")).toBe(true);
        if (behavior !== "Removed" || !invert) expect(found.join("")).toBe(kept);
      }),
      { seed: 31, numRuns: 500 },
    );
  });
});
