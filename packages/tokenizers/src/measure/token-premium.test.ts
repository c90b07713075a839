import { describe, expect, test } from "vitest";
import { tokenPremium } from "./token-premium.js";

/** As many tokens as the text says. */
const told = {
  encode: (text: string) =>
    Uint32Array.from({ length: Number.parseInt(text, 10) || 0 }, (_, i) => i),
  specialIds: { all: [], unknown: 3 },
};

describe("tokenPremium", () => {
  test("the first sentence of the declaration, in tokens of cl100k and o200k", async () => {
    // en, de, tr, hi, ja
    const premiums = async (counts: readonly number[]) => {
      const languages = ["en", "de", "tr", "hi", "ja"];
      const parallel = new Map(languages.map((name, i) => [name, [String(counts[i])]]));
      const { rows } = await tokenPremium(parallel, told, "en");
      return rows.map(({ premium }) => Number(premium.toFixed(2)));
    };
    expect(await premiums([13, 16, 25, 84, 45])).toEqual([1, 1.23, 1.92, 6.46, 3.46]);
    expect(await premiums([13, 14, 19, 25, 35])).toEqual([1, 1.08, 1.46, 1.92, 2.69]);
  });

  test("adds texts up, finds the ends, and keeps the order", async () => {
    const parallel = new Map([
      ["b", ["1", "3"]],
      ["a", ["4", "4"]],
      ["c", ["1", "1"]],
    ]);
    const found = await tokenPremium(parallel, told, "b");
    expect(found.rows.map(({ language, tokens }) => [language, tokens])).toEqual([
      ["b", 4],
      ["a", 8],
      ["c", 2],
    ]);
    expect([found.best.language, found.worst.language]).toEqual(["c", "a"]);
    expect([found.mean, found.median]).toEqual([3.5 / 3, 1]);
    expect(found.gini).toBeCloseTo((2 * (2 + 8 + 24)) / (3 * 14) - 4 / 3, 12);
    expect(found.rows[0]).toMatchObject({
      characters: 2,
      bytes: 2,
      bytesPerToken: 0.5,
      unknownRate: 0,
    });
    expect(found.rows[1]!.unknownRate).toBe(2 / 8);
  });

  test("reports languages, and stops where it is told to", async () => {
    const parallel = new Map([["en", ["5"]]]);
    const seen: unknown[] = [];
    await tokenPremium(parallel, told, "en", {
      onProgress: (progress) => void seen.push(progress),
    });
    expect(seen).toEqual([{ phase: "languages", done: 1, total: 1 }]);
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(tokenPremium(parallel, told, "en", { signal })).rejects.toThrow("enough");
  });

  test.each([
    [[["en", ["1"]]], "de", /reference must be one of the languages; got "?de/],
    [
      [
        ["en", ["1"]],
        ["de", ["1", "1"]],
      ],
      "en",
      /de must be 1 texts, as many as en has; got 2/,
    ],
    [[["en", [""]]], "en", /en must be a text with tokens/],
    [[["en", []]], "en", /en must be a text with tokens/],
  ] as const)("refuses %j against %s", async (entries, reference, message) => {
    const parallel = new Map(entries as unknown as [string, string[]][]);
    await expect(tokenPremium(parallel, told, reference)).rejects.toThrow(message);
  });
});
