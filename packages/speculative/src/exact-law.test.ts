import { draw } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import { exactLaw, largestGap } from "./exact-law.js";

describe("exactLaw", () => {
  test("finds thresholds to rounding", async () => {
    const law = await exactLaw((random) => (random.next() < 1 / 3 ? "low" : "high"));
    expect(law.get("low")).toBeCloseTo(1 / 3, 14);
    expect(law.get("high")).toBeCloseTo(2 / 3, 14);
  });

  test("follows procedures that draw again only sometimes", async () => {
    const law = await exactLaw(async (random) => {
      if (random.next() < 0.3) return "stop";
      return random.next() < 0.7 ? "below" : `above ${draw([1, 2, 5], random.next())}`;
    });
    expect(law.get("stop")).toBeCloseTo(0.3, 14);
    expect(law.get("below")).toBeCloseTo(0.49, 14);
    expect(law.get("above 2")).toBeCloseTo((0.21 * 5) / 8, 14);
  });

  test("multiplies along a path", async () => {
    const law = await exactLaw(
      (random) => `${draw([1, 3], random.next())}${draw([2, 3], random.next())}`,
    );
    expect(law.get("00")).toBeCloseTo(0.1, 14);
    expect(law.get("11")).toBeCloseTo(0.45, 14);
    expect(await exactLaw(() => "always")).toEqual(new Map([["always", 1]]));
  });

  test("refuses what is no function of its numbers", async () => {
    let calls = 0;
    await expect(exactLaw((random) => `${random.next() < 2 && calls++}`)).rejects.toThrow(
      /no function/,
    );
  });
});

test("largestGap looks at the words of both laws", () => {
  const a = new Map([["x", 0.5]]);
  const b = new Map([
    ["x", 0.4],
    ["y", 0.3],
  ]);
  expect(largestGap(a, b)).toEqual({ gap: 0.3, at: "y" });
  expect(largestGap(a, a)).toEqual({ gap: 0, at: "" });
});
