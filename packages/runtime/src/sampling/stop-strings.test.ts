import { ArgumentError, StateError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_STOP_LENGTH, MAX_STOPS, StopMatcher } from "./stop-strings.js";

/** All that comes out of the pieces, and the stop that was found. */
function run(stops: readonly string[], pieces: readonly string[]): [string, string | undefined] {
  const matcher = new StopMatcher(stops);
  let out = "";
  for (const piece of pieces) {
    const { emit, stopped } = matcher.push(piece);
    out += emit;
    if (stopped !== undefined) return [out, stopped];
  }
  return [out + matcher.end(), undefined];
}

/** The rule itself: the first end of any stop, of those the longest. */
function expected(stops: readonly string[], text: string): [string, string | undefined] {
  for (let end = 1; end <= text.length; end++) {
    const found = stops
      .filter((stop) => text.slice(0, end).endsWith(stop))
      .sort((a, b) => b.length - a.length)[0];
    if (found !== undefined) return [text.slice(0, end - found.length), found];
  }
  return [text, undefined];
}

describe("StopMatcher", () => {
  test("holds back what might begin a stop, and gives it once it cannot", () => {
    const matcher = new StopMatcher(["\nUser:"]);
    expect(matcher.push("Hello\nU")).toEqual({ emit: "Hello", stopped: undefined });
    expect(matcher.push("s")).toEqual({ emit: "", stopped: undefined });
    expect(matcher.push("ual\n")).toEqual({ emit: "\nUsual", stopped: undefined });
    expect(matcher.push("User: me")).toEqual({ emit: "", stopped: "\nUser:" });
    expect(matcher.end()).toBe("");
    expect(() => matcher.push("more")).toThrow(StateError);
  });

  test("gives what it held at the end", () => {
    const matcher = new StopMatcher(["</s>"]);
    expect(matcher.push("a</s").emit).toBe("a");
    expect(matcher.end()).toBe("</s");
    expect(matcher.end()).toBe("");
  });

  test("follows overlaps of a stop with itself and with others", () => {
    expect(run(["aab"], ["aa", "a", "ab"])).toEqual(["aa", "aab"]);
    expect(run(["abcd", "bc"], ["xabc", "d"])).toEqual(["xa", "bc"]);
    expect(run(["abc", "c"], ["xab", "c"])).toEqual(["x", "abc"]);
    expect(run(["b"], ["", "a", "", "b"])).toEqual(["a", "b"]);
  });

  test("passes everything on where there are no stops", () => {
    const matcher = new StopMatcher([]);
    expect(matcher.push("text").emit).toBe("text");
    expect(matcher.end()).toBe("");
  });

  test("agrees with the rule, however the text is cut", () => {
    const letters = (most: number) =>
      fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: most });
    const property = fc.property(
      fc.array(
        letters(4).filter((stop) => stop !== ""),
        { maxLength: 4 },
      ),
      fc.array(letters(6), { maxLength: 6 }),
      (stops, pieces) => {
        expect(run(stops, pieces)).toEqual(expected(stops, pieces.join("")));
        expect(run(stops, [...pieces.join("")])).toEqual(expected(stops, pieces.join("")));
      },
    );
    fc.assert(property, { numRuns: 800, seed: 8 });
  });

  test("never holds back as much as the longest stop", () => {
    const matcher = new StopMatcher(["aaaaab", "aab"]);
    for (let i = 0; i < 50; i++) matcher.push("a");
    expect(matcher.end()).toBe("aaaaa");
  });

  test("refuses stops that are none", () => {
    const bad = [
      [""],
      ["a", 3],
      ["a".repeat(MAX_STOP_LENGTH + 1)],
      Array(MAX_STOPS + 1).fill("a"),
      "a",
    ];
    for (const stops of bad) expect(() => new StopMatcher(stops as never)).toThrow(ArgumentError);
  });
});
